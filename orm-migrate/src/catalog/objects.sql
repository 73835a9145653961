-- What there is besides tables: a row for each object, as JSON in the shape of `orm_core::schema::Object`, and its oid.
-- Left out: system schemas, our own, members of extensions, and what belongs to a table or column.
WITH own AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'orm_migrate')
), member AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), said_of_type AS (
    SELECT t.oid, jsonb_agg(g.statement ORDER BY g.place, g.statement) AS grants
    FROM pg_type AS t
    JOIN own AS n ON n.oid = t.typnamespace
    CROSS JOIN LATERAL (SELECT format('%I.%I', n.nspname, t.typname)) AS v (name)
    CROSS JOIN LATERAL (
        SELECT 1, format('REVOKE ALL ON TYPE %s FROM %s', v.name, o.who)
        FROM (VALUES ('PUBLIC', 0::oid), ('CURRENT_USER', t.typowner)) AS o (who, oid)
        WHERE t.typacl IS NOT NULL
          AND NOT EXISTS (SELECT FROM aclexplode(t.typacl) AS x WHERE x.grantee = o.oid)
        UNION ALL
        SELECT 2, format('GRANT USAGE ON TYPE %s TO %I%s', v.name, pg_get_userbyid(x.grantee),
                         CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM aclexplode(t.typacl) AS x
        WHERE x.grantee NOT IN (0, t.typowner)
        UNION ALL
        SELECT 3, format('ALTER %s %s OWNER TO %I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
                         v.name, pg_get_userbyid(t.typowner))
        WHERE t.typowner <> current_user::regrole) AS g (place, statement)
    WHERE t.typtype IN ('e', 'd', 'c')
    GROUP BY t.oid
)
SELECT n.oid, jsonb_build_object('namespace', jsonb_build_object(
    'name', n.nspname,
    'comment', obj_description(n.oid, 'pg_namespace')))::text
FROM own AS n
WHERE n.nspname <> 'public'
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid)
UNION ALL
-- plpgsql is there in every new database.
SELECT x.oid, jsonb_build_object('extension', jsonb_build_object(
    'name', x.extname, 'schema', n.nspname, 'version', x.extversion))::text
FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace
WHERE x.extname <> 'plpgsql'
UNION ALL
SELECT t.oid, jsonb_build_object('enum', jsonb_build_object(
    'schema', n.nspname,
    'name', t.typname,
    'values', (SELECT coalesce(jsonb_agg(v.enumlabel ORDER BY v.enumsortorder), '[]') FROM pg_enum AS v WHERE v.enumtypid = t.oid),
    'comment', obj_description(t.oid, 'pg_type'),
    'grants', coalesce(s.grants, '[]')))::text
FROM pg_type AS t JOIN own AS n ON n.oid = t.typnamespace
LEFT JOIN said_of_type AS s ON s.oid = t.oid
WHERE t.typtype = 'e'
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
UNION ALL
SELECT t.oid, jsonb_build_object('domain', jsonb_build_object(
    'schema', n.nspname,
    'name', t.typname,
    'data_type', format_type(t.typbasetype, t.typtypmod),
    'collation', CASE WHEN t.typcollation <> b.typcollation THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END,
    'default', pg_get_expr(t.typdefaultbin, 0),
    'not_null', t.typnotnull,
    'checks', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                          'name', c.conname, 'expression', pg_get_expr(c.conbin, 0), 'not_valid', NOT c.convalidated)
                          ORDER BY c.conname), '[]')
               FROM pg_constraint AS c WHERE c.contypid = t.oid AND c.contype = 'c'),
    'comment', obj_description(t.oid, 'pg_type'),
    'grants', coalesce(s.grants, '[]')))::text
FROM pg_type AS t
JOIN own AS n ON n.oid = t.typnamespace
JOIN pg_type AS b ON b.oid = t.typbasetype
LEFT JOIN pg_collation AS co ON co.oid = t.typcollation
LEFT JOIN pg_namespace AS cn ON cn.oid = co.collnamespace
LEFT JOIN said_of_type AS s ON s.oid = t.oid
WHERE t.typtype = 'd'
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
UNION ALL
SELECT t.oid, jsonb_build_object('composite', jsonb_build_object(
    'schema', n.nspname,
    'name', t.typname,
    'attributes', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                              'name', a.attname,
                              'data_type', format_type(a.atttypid, a.atttypmod),
                              'collation', CASE WHEN a.attcollation <> at.typcollation
                                                THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END)
                              ORDER BY a.attnum), '[]')
                   FROM pg_attribute AS a
                   JOIN pg_type AS at ON at.oid = a.atttypid
                   LEFT JOIN pg_collation AS co ON co.oid = a.attcollation
                   LEFT JOIN pg_namespace AS cn ON cn.oid = co.collnamespace
                   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
    'comment', obj_description(t.oid, 'pg_type'),
    'grants', coalesce(s.grants, '[]')))::text
FROM pg_type AS t
JOIN own AS n ON n.oid = t.typnamespace
JOIN pg_class AS c ON c.oid = t.typrelid
LEFT JOIN said_of_type AS s ON s.oid = t.oid
WHERE t.typtype = 'c' AND c.relkind = 'c'
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
UNION ALL
-- An option is said where it is not the default (manual, `CREATE SEQUENCE`).
SELECT c.oid, jsonb_build_object('sequence', jsonb_build_object(
    'schema', n.nspname,
    'name', c.relname,
    'data_type', format_type(s.seqtypid, NULL),
    'options', jsonb_build_object(
        'increment', nullif(s.seqincrement, 1),
        'min', nullif(s.seqmin, CASE WHEN s.seqincrement > 0 THEN 1 ELSE -l.largest - 1 END),
        'max', nullif(s.seqmax, CASE WHEN s.seqincrement > 0 THEN l.largest ELSE -1 END),
        'start', nullif(s.seqstart, CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END),
        'cache', nullif(s.seqcache, 1),
        'cycle', s.seqcycle),
    'owned_by', CASE WHEN o.attname IS NOT NULL
                     THEN jsonb_build_object('schema', o.nspname, 'table', o.relname, 'column', o.attname) END,
    'unlogged', c.relpersistence = 'u',
    'comment', obj_description(c.oid, 'pg_class')))::text
FROM pg_class AS c
JOIN own AS n ON n.oid = c.relnamespace
JOIN pg_sequence AS s ON s.seqrelid = c.oid
CROSS JOIN LATERAL (SELECT CASE s.seqtypid WHEN 'int2'::regtype THEN 32767
                                           WHEN 'int4'::regtype THEN 2147483647
                                           ELSE 9223372036854775807 END) AS l (largest)
LEFT JOIN LATERAL (
    -- What `columns.sql` reads as serial has its sequence with it.
    SELECT tn.nspname, t.relname, a.attname,
           a.attnotnull AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
           AND EXISTS (SELECT FROM pg_attrdef AS f
                       JOIN pg_depend AS u ON u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid
                                          AND u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid
                       WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum
                         AND pg_get_expr(f.adbin, f.adrelid) ~ '^nextval\(''.*''::regclass\)$') AS is_serial
    FROM pg_depend AS d
    JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    JOIN pg_class AS t ON t.oid = a.attrelid
    JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a') AS o ON true
WHERE c.relkind = 'S'
  AND o.is_serial IS NOT TRUE
  AND NOT EXISTS (SELECT FROM pg_depend AS d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('i', 'e'))
UNION ALL
-- The definition is what follows the arguments.
SELECT p.oid, jsonb_build_object('function', jsonb_build_object(
    'schema', n.nspname,
    'name', p.proname,
    'procedure', p.prokind = 'p',
    'arguments', a.arguments,
    'signature', oidvectortypes(p.proargtypes),
    'definition', btrim(substr(pg_get_functiondef(p.oid),
                               length(format('CREATE OR REPLACE %s %I.%I(%s)',
                                             CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                                             n.nspname, p.proname, a.arguments)) + 1), E' \n'),
    'comment', obj_description(p.oid, 'pg_proc'),
    'grants', (SELECT coalesce(jsonb_agg(g.statement ORDER BY g.place, g.statement), '[]')
               FROM (SELECT 1, format('REVOKE ALL ON ROUTINE %s FROM %s', a.name, o.who)
                     FROM (VALUES ('PUBLIC', 0::oid), ('CURRENT_USER', p.proowner)) AS o (who, oid)
                     WHERE p.proacl IS NOT NULL
                       AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) AS x WHERE x.grantee = o.oid)
                     UNION ALL
                     SELECT 2, format('GRANT EXECUTE ON ROUTINE %s TO %I%s', a.name, pg_get_userbyid(x.grantee),
                                      CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                     FROM aclexplode(p.proacl) AS x
                     WHERE x.grantee NOT IN (0, p.proowner)
                     UNION ALL
                     SELECT 3, format('ALTER ROUTINE %s OWNER TO %I', a.name, pg_get_userbyid(p.proowner))
                     WHERE p.proowner <> current_user::regrole) AS g (place, statement))))::text
FROM pg_proc AS p
JOIN own AS n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (SELECT pg_get_function_arguments(p.oid),
                           format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))) AS a (arguments, name)
WHERE p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend AS e -- 'i': the constructor of a range type
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
UNION ALL
SELECT c.oid, jsonb_build_object('view', jsonb_build_object(
    'schema', n.nspname,
    'name', c.relname,
    'materialized', c.relkind = 'm',
    'query', rtrim(btrim(pg_get_viewdef(c.oid)), ';'),
    'options', (SELECT coalesce(jsonb_agg(o.option ORDER BY o.option), '[]')
                FROM (SELECT unnest(c.reloptions) UNION ALL
                      SELECT 'toast.' || unnest(t.reloptions) FROM pg_class AS t WHERE t.oid = c.reltoastrelid) AS o (option)),
    'comment', obj_description(c.oid, 'pg_class'),
    -- In the order in which they can be said again; who made the view owns it until the end.
    'grants', (SELECT coalesce(jsonb_agg(g.statement ORDER BY g.place, g.statement), '[]')
               FROM (SELECT 1, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', v.name, a.attname, pg_get_expr(d.adbin, d.adrelid))
                     FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                     WHERE d.adrelid = c.oid
                     UNION ALL
                     SELECT 2, format('COMMENT ON COLUMN %s.%I IS %L', v.name, a.attname, d.description)
                     FROM pg_description AS d JOIN pg_attribute AS a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
                     WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
                     UNION ALL
                     SELECT 2, rtrim(pg_get_ruledef(r.oid), ';') FROM pg_rewrite AS r
                     WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'
                     UNION ALL
                     SELECT 2, pg_get_triggerdef(t.oid) FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
                     UNION ALL
                     SELECT 3, format('COMMENT ON %s IS %L', o.name, d.description)
                     FROM pg_description AS d
                     JOIN (SELECT 'pg_trigger'::regclass AS class, t.oid, format('TRIGGER %I ON %s', t.tgname, v.name) AS name
                           FROM pg_trigger AS t WHERE t.tgrelid = c.oid
                           UNION ALL
                           SELECT 'pg_rewrite'::regclass, r.oid, format('RULE %I ON %s', r.rulename, v.name)
                           FROM pg_rewrite AS r WHERE r.ev_class = c.oid
                           UNION ALL
                           SELECT 'pg_class'::regclass, i.indexrelid, 'INDEX ' || i.indexrelid::regclass
                           FROM pg_index AS i WHERE i.indrelid = c.oid) AS o ON o.class = d.classoid AND o.oid = d.objoid
                     UNION ALL
                     -- An owner without a right that owners have.
                     SELECT 4, format('REVOKE ALL ON %s FROM CURRENT_USER', v.name)
                     WHERE c.relacl IS NOT NULL AND NOT v.is_whole
                     UNION ALL
                     SELECT 5, format('GRANT %s ON %s TO %s%s', string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type), v.name,
                                      CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN c.relowner THEN 'CURRENT_USER' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                                      CASE WHEN x.is_grantable AND x.grantee <> c.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
                     FROM aclexplode(c.relacl) AS x
                     WHERE x.grantee <> c.relowner OR NOT v.is_whole
                     GROUP BY x.grantee, x.is_grantable
                     UNION ALL
                     SELECT 6, format('GRANT %s ON %s TO %s%s',
                                      string_agg(format('%s (%I)', x.privilege_type, a.attname), ', ' ORDER BY x.privilege_type, a.attname), v.name,
                                      CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN c.relowner THEN 'CURRENT_USER' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                                      CASE WHEN x.is_grantable AND x.grantee <> c.relowner THEN ' WITH GRANT OPTION' ELSE '' END)
                     FROM pg_attribute AS a CROSS JOIN LATERAL aclexplode(a.attacl) AS x
                     WHERE a.attrelid = c.oid AND NOT a.attisdropped
                     GROUP BY x.grantee, x.is_grantable
                     UNION ALL
                     SELECT 7, format('ALTER %s %s OWNER TO %I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
                                      v.name, pg_get_userbyid(c.relowner))
                     WHERE c.relowner <> current_user::regrole) AS g (place, statement))))::text
FROM pg_class AS c JOIN own AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT format('%I.%I', n.nspname, c.relname),
                           (SELECT count(*) FROM aclexplode(c.relacl) AS x WHERE x.grantee = c.relowner)
                           >= (SELECT count(*) FROM aclexplode(acldefault('r', c.relowner)))) AS v (name, is_whole)
WHERE c.relkind IN ('v', 'm')
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
