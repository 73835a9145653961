-- What exists beside plain tables: it is named, and left alone. Members of extensions and system schemas are left out.
-- $1: the options that are known, each as `columns.n_distinct`.
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
    ('WITH', EXISTS (SELECT FROM unnest(i.reloptions) AS w WHERE w !~ '^pg_'))
) AS o (what, holds)
WHERE x.contype IN ('p', 'u', 'f', 'c', 'x') AND o.holds
UNION ALL
-- NOT NULL is a constraint with a name of its own since 18, that of a domain since 17: the columns say that it is there.
-- A name that ends in _not_null is taken for one that the server gave, be it before the column was renamed.
SELECT 'option of a constraint', format('%s of %I on %I.%I', o.what, x.conname, n.nspname, coalesce(c.relname, t.typname))
FROM pg_constraint AS x
LEFT JOIN pg_class AS c ON c.oid = x.conrelid
LEFT JOIN pg_type AS t ON t.oid = x.contypid
JOIN own AS n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
CROSS JOIN LATERAL (VALUES
    ('NOT VALID', NOT x.convalidated),
    ('NO INHERIT', x.connoinherit),
    ('NAME', x.conname !~ '_not_null[0-9]*$')
) AS o (what, holds)
WHERE x.contype = 'n' AND (x.conislocal OR x.contypid <> 0) AND o.holds
  AND NOT EXISTS (SELECT FROM member AS e
                  WHERE (e.classid, e.objid) IN (('pg_class'::regclass, c.oid), ('pg_type'::regclass, t.oid)))
UNION ALL
-- What a column says beside its type: how it is stored, and what is gathered of it. Partitions have it from their table.
SELECT 'option of a column', format('%s of %I on %I.%I', o.what, a.attname, n.nspname, c.relname)
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN own AS n ON n.oid = c.relnamespace
JOIN pg_type AS t ON t.oid = a.atttypid
CROSS JOIN LATERAL (
    SELECT string_agg(w, ', ') FROM unnest(a.attoptions) AS w WHERE 'columns.' || split_part(w, '=', 1) = ANY ($1)
) AS s (options)
CROSS JOIN LATERAL (VALUES
    ('STORAGE', a.attstorage <> t.typstorage),
    ('COMPRESSION', a.attcompression <> ''),
    -- Without one it is -1, and from 17 on NULL.
    ('STATISTICS', coalesce(a.attstattarget, -1) <> -1),
    (s.options, s.options IS NOT NULL)
) AS o (what, holds)
WHERE c.relkind IN ('r', 'p', 'm', 'i') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
  -- The parameters of operator classes are compared.
  AND o.holds AND (c.relkind <> 'i' OR o.what = 'STATISTICS')
UNION ALL
-- A partition may say of a column what its table does not.
SELECT 'option of a partition', format('%s of %I on %I.%I', o.what, a.attname, n.nspname, c.relname)
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid AND c.relispartition AND c.relkind IN ('r', 'p')
JOIN own AS n ON n.oid = c.relnamespace
JOIN pg_inherits AS i ON i.inhrelid = c.oid
JOIN pg_attribute AS above ON above.attrelid = i.inhparent AND above.attname = a.attname
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_attrdef AS e ON e.adrelid = above.attrelid AND e.adnum = above.attnum
CROSS JOIN LATERAL (
    SELECT string_agg(w, ', ') FROM unnest(a.attoptions) AS w WHERE 'columns.' || split_part(w, '=', 1) = ANY ($1)
) AS s (options)
CROSS JOIN LATERAL (VALUES
    ('DEFAULT', a.attgenerated = '' AND pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_get_expr(e.adbin, e.adrelid)),
    ('NOT NULL', a.attnotnull AND NOT above.attnotnull
                 AND NOT EXISTS (SELECT FROM pg_constraint AS k
                                 WHERE k.conrelid = a.attrelid AND k.contype = 'p' AND a.attnum = ANY (k.conkey))),
    ('COMMENT', col_description(a.attrelid, a.attnum) IS NOT NULL),
    ('STORAGE', a.attstorage <> above.attstorage),
    ('COMPRESSION', a.attcompression <> above.attcompression),
    -- These two a partition never has from its table.
    ('STATISTICS', coalesce(a.attstattarget, -1) <> -1),
    (s.options, s.options IS NOT NULL)
) AS o (what, holds)
WHERE a.attnum > 0 AND NOT a.attisdropped AND o.holds
UNION ALL
-- The sequence of a serial column is not that of every serial.
SELECT 'option of a serial', format('%s of %I on %I.%I', o.what, a.attname, n.nspname, c.relname)
FROM pg_depend AS own_of
JOIN pg_sequence AS q ON q.seqrelid = own_of.objid
JOIN pg_attribute AS a ON a.attrelid = own_of.refobjid AND a.attnum = own_of.refobjsubid
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN own AS n ON n.oid = c.relnamespace
JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
JOIN pg_depend AS u ON u.refclassid = 'pg_class'::regclass AND u.refobjid = own_of.objid
                   AND u.classid = 'pg_attrdef'::regclass AND u.objid = d.oid
CROSS JOIN LATERAL (SELECT CASE q.seqtypid WHEN 'int2'::regtype THEN 32767
                                           WHEN 'int4'::regtype THEN 2147483647
                                           ELSE 9223372036854775807 END) AS l (largest)
CROSS JOIN LATERAL (SELECT concat_ws(', ',
    CASE WHEN q.seqtypid <> a.atttypid THEN 'AS ' || format_type(q.seqtypid, NULL) END,
    CASE WHEN q.seqincrement <> 1 THEN 'INCREMENT BY ' || q.seqincrement END,
    CASE WHEN q.seqmin <> CASE WHEN q.seqincrement > 0 THEN 1 ELSE -l.largest - 1 END THEN 'MINVALUE ' || q.seqmin END,
    CASE WHEN q.seqmax <> CASE WHEN q.seqincrement > 0 THEN l.largest ELSE -1 END THEN 'MAXVALUE ' || q.seqmax END,
    CASE WHEN q.seqstart <> CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END THEN 'START WITH ' || q.seqstart END,
    CASE WHEN q.seqcache <> 1 THEN 'CACHE ' || q.seqcache END,
    CASE WHEN q.seqcycle THEN 'CYCLE' END)) AS o (what)
WHERE own_of.classid = 'pg_class'::regclass AND own_of.refclassid = 'pg_class'::regclass AND own_of.deptype = 'a'
  AND a.attnotnull AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  AND pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\(''.*''::regclass\)$'
  AND o.what <> ''
UNION ALL
-- Those on tables, columns, types, sequences, functions and views are compared.
SELECT 'comment', x.name
FROM pg_description AS s
JOIN (SELECT 'pg_class'::regclass AS class, i.indexrelid AS oid, 0 AS part, format('of index %I on %I.%I', c.relname, n.nspname, t.relname) AS name
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_class AS t ON t.oid = i.indrelid AND t.relkind IN ('r', 'p') JOIN own AS n ON n.oid = t.relnamespace
      UNION ALL
      SELECT 'pg_constraint'::regclass, o.oid, 0, format('of constraint %I on %I.%I', o.conname, n.nspname, t.relname)
      FROM pg_constraint AS o JOIN pg_class AS t ON t.oid = o.conrelid JOIN own AS n ON n.oid = t.relnamespace
      UNION ALL
      SELECT 'pg_constraint'::regclass, o.oid, 0, format('%I.%I, of constraint %I', n.nspname, t.typname, o.conname)
      FROM pg_constraint AS o JOIN pg_type AS t ON t.oid = o.contypid JOIN own AS n ON n.oid = t.typnamespace
      UNION ALL
      SELECT 'pg_trigger'::regclass, g.oid, 0, format('of trigger %I on %I.%I', g.tgname, n.nspname, t.relname)
      FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid AND t.relkind IN ('r', 'p') JOIN own AS n ON n.oid = t.relnamespace
      WHERE NOT g.tgisinternal
      UNION ALL
      SELECT 'pg_policy'::regclass, y.oid, 0, format('of policy %I on %I.%I', y.polname, n.nspname, t.relname)
      FROM pg_policy AS y JOIN pg_class AS t ON t.oid = y.polrelid JOIN own AS n ON n.oid = t.relnamespace
      UNION ALL
      SELECT 'pg_class'::regclass, a.attrelid, a.attnum, format('%I.%I, of attribute %I', n.nspname, t.relname, a.attname)
      FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid AND t.relkind = 'c' JOIN own AS n ON n.oid = t.relnamespace
     ) AS x ON x.class = s.classoid AND x.oid = s.objoid AND x.part = s.objsubid
UNION ALL
-- An option that is not known, listed once and without its value, which may be the server's own and another one on each
-- relation. Not listed: names that PostgreSQL reserves for itself, and what the relations have that `initdb` makes.
SELECT 'unknown option', format('%s of %s', o.option, o.of)
FROM (
    SELECT split_part(w, '=', 1) AS option, 'columns' AS of
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN own AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL unnest(a.attoptions) AS w
    WHERE c.relkind NOT IN ('i', 'I') -- there they are the parameters of operator classes
    UNION
    SELECT split_part(w, '=', 1), m.of
    FROM pg_class AS c
    JOIN own AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
    LEFT JOIN pg_am AS x ON x.oid = c.relam
    CROSS JOIN LATERAL (SELECT CASE WHEN c.relkind IN ('i', 'I') THEN x.amname
                                    WHEN c.relkind = 'v' THEN 'views'
                                    ELSE 'tables' END) AS m (of)
    CROSS JOIN LATERAL unnest(array_cat(c.reloptions, t.reloptions)) AS w
    WHERE c.relkind NOT IN ('i', 'I') OR EXISTS (SELECT FROM unnest($1) AS k WHERE split_part(k, '.', 1) = x.amname)
) AS o
WHERE o.of || '.' || o.option <> ALL ($1)
  AND o.option !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                  WHERE o.of = 'columns' AND c.relnamespace = 'information_schema'::regnamespace
                    AND o.option IN (SELECT split_part(w, '=', 1) FROM unnest(a.attoptions) AS w))
UNION ALL
-- Not a thing: it saves a query.
SELECT 'server_version_num', current_setting('server_version_num')
ORDER BY 1, 2
