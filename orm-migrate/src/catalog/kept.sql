-- What is said of the parts of the tables $1 and declared by nobody: a row for each, with the statement that says it.
WITH own AS (
    SELECT c.oid, n.nspname, c.relname, c.relowner, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = ANY ($1)
), index AS (
    SELECT t.nspname, t.relname, t.name, i.indexrelid, i.indisreplident, i.indisclustered, x.relname AS part
    FROM own AS t
    JOIN pg_index AS i ON i.indrelid = t.oid
    JOIN pg_class AS x ON x.oid = i.indexrelid
)
SELECT s.schema::text, s.relation::text, s.kind, s.part::text, s.statement
FROM (
    SELECT t.nspname, t.relname, 'column', string_agg(DISTINCT a.attname, ''),
           format('GRANT %s ON %s TO %s%s',
                  string_agg(format('%s (%I)', x.privilege_type, a.attname), ', ' ORDER BY x.privilege_type), t.name,
                  CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                  CASE WHEN x.is_grantable AND x.grantee <> t.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM own AS t
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND NOT a.attisdropped
    CROSS JOIN LATERAL aclexplode(a.attacl) AS x
    GROUP BY t.nspname, t.relname, t.name, t.relowner, a.attnum, x.grantee, x.is_grantable
    UNION ALL
    SELECT t.nspname, t.relname, 'constraint', k.conname,
           format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, t.name, d.description)
    FROM own AS t
    JOIN pg_constraint AS k ON k.conrelid = t.oid
    JOIN pg_description AS d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
    UNION ALL
    SELECT i.nspname, i.relname, 'index', i.part, format('COMMENT ON INDEX %I.%I IS %L', i.nspname, i.part, d.description)
    FROM index AS i
    JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = i.indexrelid AND d.objsubid = 0
    UNION ALL
    SELECT i.nspname, i.relname, 'identity', i.part, format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', i.name, i.part)
    FROM index AS i WHERE i.indisreplident
    UNION ALL
    SELECT i.nspname, i.relname, 'cluster', i.part, format('ALTER TABLE %s CLUSTER ON %I', i.name, i.part)
    FROM index AS i WHERE i.indisclustered
    UNION ALL
    SELECT t.nspname, t.relname, 'trigger', g.tgname, format('COMMENT ON TRIGGER %I ON %s IS %L', g.tgname, t.name, d.description)
    FROM own AS t
    JOIN pg_trigger AS g ON g.tgrelid = t.oid AND NOT g.tgisinternal
    JOIN pg_description AS d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = g.oid
    UNION ALL
    SELECT t.nspname, t.relname, 'firing', g.tgname,
           format('ALTER TABLE %s %s TRIGGER %I', t.name,
                  CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, g.tgname)
    FROM own AS t
    JOIN pg_trigger AS g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgenabled <> 'O'
    UNION ALL
    SELECT t.nspname, t.relname, 'policy', p.polname, format('COMMENT ON POLICY %I ON %s IS %L', p.polname, t.name, d.description)
    FROM own AS t
    JOIN pg_policy AS p ON p.polrelid = t.oid
    JOIN pg_description AS d ON d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid
) AS s (schema, relation, kind, part, statement)
ORDER BY s.schema, s.relation, s.kind, s.part, s.statement
