-- The tables of the application ($1 = false), or the temporary tables of this session ($1 = true).
-- Left out: system schemas, our own ledger, members of extensions, partitions and children by INHERITS.
SELECT c.oid,
       n.nspname::text,
       c.relname::text,
       obj_description(c.oid, 'pg_class')
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p')
  AND CASE WHEN $1 THEN n.oid = pg_my_temp_schema()
           ELSE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'orm_migrate') END
  AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_depend AS d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
