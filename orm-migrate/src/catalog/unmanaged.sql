-- What exists beside plain tables: it is named, and left alone. Members of extensions and system schemas are left out.
WITH own AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'orm_migrate')
), member AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'child table' END AS kind,
       format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class AS c JOIN own AS n ON n.oid = c.relnamespace
WHERE (c.relkind = 'f'
       OR c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid))
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
UNION ALL
SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'window function' END,
       format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
FROM pg_proc AS p JOIN own AS n ON n.oid = p.pronamespace
WHERE p.prokind NOT IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend AS e
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
UNION ALL
SELECT 'range type', format('%I.%I', n.nspname, t.typname)
FROM pg_type AS t JOIN own AS n ON n.oid = t.typnamespace
WHERE t.typtype = 'r'
  AND NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
UNION ALL
SELECT 'trigger', format('%I on %I.%I', g.tgname, n.nspname, c.relname)
FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid JOIN own AS n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND c.relkind NOT IN ('r', 'p')
UNION ALL
SELECT 'state of a trigger',
       format('%s of %I on %I.%I', CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
              g.tgname, n.nspname, c.relname)
FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid JOIN own AS n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'O'
UNION ALL
SELECT 'rule', format('%I on %I.%I', r.rulename, n.nspname, c.relname)
FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class JOIN own AS n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'invalid index', format('%I.%I on %I.%I', n.nspname, c.relname, n.nspname, t.relname)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN own AS n ON n.oid = c.relnamespace
JOIN pg_class AS t ON t.oid = i.indrelid
WHERE NOT i.indisvalid
UNION ALL
SELECT 'statistics', format('%I.%I', n.nspname, s.stxname)
FROM pg_statistic_ext AS s JOIN own AS n ON n.oid = s.stxnamespace
UNION ALL
SELECT 'collation', format('%I.%I', n.nspname, o.collname)
FROM pg_collation AS o JOIN own AS n ON n.oid = o.collnamespace
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_collation'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'operator', format('%I.%s(%s,%s)', n.nspname, o.oprname, nullif(o.oprleft, 0)::regtype, nullif(o.oprright, 0)::regtype)
FROM pg_operator AS o JOIN own AS n ON n.oid = o.oprnamespace
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'operator class', format('%I.%I for %I', n.nspname, o.opcname, m.amname)
FROM pg_opclass AS o JOIN own AS n ON n.oid = o.opcnamespace JOIN pg_am AS m ON m.oid = o.opcmethod
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_opclass'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'text search configuration', format('%I.%I', n.nspname, o.cfgname)
FROM pg_ts_config AS o JOIN own AS n ON n.oid = o.cfgnamespace
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_ts_config'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'text search dictionary', format('%I.%I', n.nspname, o.dictname)
FROM pg_ts_dict AS o JOIN own AS n ON n.oid = o.dictnamespace
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_ts_dict'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'cast', format('from %s to %s', o.castsource::regtype, o.casttarget::regtype)
FROM pg_cast AS o
WHERE o.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend AS e
                  WHERE e.classid = 'pg_cast'::regclass AND e.objid = o.oid AND e.deptype IN ('e', 'i'))
UNION ALL
SELECT 'foreign server', quote_ident(o.srvname) FROM pg_foreign_server AS o
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'event trigger', quote_ident(o.evtname) FROM pg_event_trigger AS o
WHERE NOT EXISTS (SELECT FROM member AS e WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = o.oid)
UNION ALL
SELECT 'publication', quote_ident(o.pubname) FROM pg_publication AS o
UNION ALL
-- What a constraint says that is not compared. Columns of newer versions (18: conperiod, conenforced) are asked for
-- over jsonb, so that the query runs on older ones.
SELECT 'option of a constraint', format('%s of %I on %I.%I', o.what, x.conname, n.nspname, c.relname)
FROM pg_constraint AS x
JOIN pg_class AS c ON c.oid = x.conrelid
JOIN own AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS i ON i.oid = x.conindid AND x.contype IN ('p', 'u', 'x')
CROSS JOIN LATERAL (VALUES
    ('NOT ENFORCED', to_jsonb(x) ->> 'conenforced' = 'false'),
    ('PERIOD', to_jsonb(x) ->> 'conperiod' = 'true'),
    ('WITH', i.reloptions IS NOT NULL)
) AS o (what, holds)
WHERE x.contype IN ('p', 'u', 'f', 'c', 'x') AND o.holds
ORDER BY 1, 2
