-- The tables of the application ($1 = false), or the temporary tables of this session ($1 = true).
-- Left out: system schemas, our own ledger, members of extensions, and children by INHERITS.
SELECT c.oid,
       n.nspname::text,
       c.relname::text,
       obj_description(c.oid, 'pg_class'),
       c.relpersistence = 'u',
       coalesce(c.reloptions, '{}') || coalesce((SELECT array_agg('toast.' || o) FROM unnest(t.reloptions) AS o), '{}'),
       c.relrowsecurity,
       c.relforcerowsecurity,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       pn.nspname::text,
       p.relname::text,
       pg_get_expr(c.relpartbound, c.oid)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid AND c.relispartition
LEFT JOIN pg_class AS p ON p.oid = i.inhparent
LEFT JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p')
  AND CASE WHEN $1 THEN n.oid = pg_my_temp_schema()
           ELSE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'orm_migrate') END
  AND (c.relispartition OR NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid))
  AND NOT EXISTS (SELECT FROM pg_depend AS d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
