-- What stands on tables, columns and other objects, each asked for by what kind of change it is, its schema, name and
-- column ('' for all of it). One row for each: the number of the question, and what PostgreSQL calls it.
WITH asked AS (
    SELECT a.number, a.kind, a.name, a.col
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS a (kind, name, col, number)
), place AS (
    SELECT a.number, 'pg_class'::regclass AS class, to_regclass(a.name)::oid AS oid,
           (SELECT t.attnum::int FROM pg_attribute AS t
            WHERE t.attrelid = to_regclass(a.name) AND t.attname = a.col AND NOT t.attisdropped) AS part
    FROM asked AS a WHERE a.kind = 'relation'
    UNION ALL
    -- The type of its rows, and that of arrays of them; a sequence has none.
    SELECT a.number, 'pg_type', t.oid, NULL
    FROM asked AS a
    JOIN pg_class AS c ON c.oid = to_regclass(a.name)
    JOIN pg_type AS t ON t.oid = c.reltype OR t.typelem = c.reltype
    WHERE a.kind = 'relation' AND a.col = '' AND c.reltype <> 0
    UNION ALL
    SELECT a.number, 'pg_proc', to_regprocedure(a.name)::oid, NULL FROM asked AS a WHERE a.kind = 'routine'
    UNION ALL
    SELECT a.number, 'pg_type', t.oid, NULL
    FROM asked AS a JOIN pg_type AS t ON t.oid = to_regtype(a.name) OR t.typelem = to_regtype(a.name)
    WHERE a.kind = 'type'
), found AS (
    SELECT DISTINCT p.number, d.classid, d.objid, d.objsubid, d.deptype
    FROM place AS p
    JOIN pg_depend AS d ON d.refclassid = p.class AND d.refobjid = p.oid AND (p.part IS NULL OR d.refobjsubid = p.part)
    WHERE d.deptype IN ('n', 'a') AND (p.oid, p.class) IS DISTINCT FROM (d.objid, d.classid::regclass)
    -- What a partition has from its table goes with what that has.
      AND NOT CASE d.classid
              WHEN 'pg_class'::regclass THEN EXISTS (SELECT FROM pg_class AS c WHERE c.oid = d.objid AND c.relkind IN ('i', 'I') AND c.relispartition)
              WHEN 'pg_trigger'::regclass THEN EXISTS (SELECT FROM pg_trigger AS t WHERE t.oid = d.objid AND t.tgparentid <> 0)
              ELSE false END
), named AS (
    SELECT f.number, f.classid, f.objid, f.objsubid, f.deptype,
           CASE f.classid
               WHEN 'pg_rewrite'::regclass THEN (SELECT r.ev_class FROM pg_rewrite AS r WHERE r.oid = f.objid)
               WHEN 'pg_constraint'::regclass THEN (SELECT nullif(k.conrelid, 0) FROM pg_constraint AS k WHERE k.oid = f.objid)
               WHEN 'pg_trigger'::regclass THEN (SELECT t.tgrelid FROM pg_trigger AS t WHERE t.oid = f.objid)
               WHEN 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy AS p WHERE p.oid = f.objid)
               WHEN 'pg_attrdef'::regclass THEN (SELECT d.adrelid FROM pg_attrdef AS d WHERE d.oid = f.objid)
               WHEN 'pg_class'::regclass THEN coalesce((SELECT i.indrelid FROM pg_index AS i WHERE i.indexrelid = f.objid), f.objid)
           END AS relation,
           CASE f.classid
               WHEN 'pg_rewrite'::regclass THEN (SELECT CASE WHEN r.rulename = '_RETURN' THEN 'view' ELSE 'rule' END
                                                 FROM pg_rewrite AS r WHERE r.oid = f.objid)
               WHEN 'pg_constraint'::regclass THEN 'constraint'
               WHEN 'pg_trigger'::regclass THEN 'trigger'
               WHEN 'pg_policy'::regclass THEN 'policy'
               WHEN 'pg_attrdef'::regclass THEN 'default'
               WHEN 'pg_class'::regclass THEN (SELECT CASE WHEN c.relkind IN ('i', 'I') THEN 'index'
                                                           WHEN c.relkind = 'S' THEN 'sequence'
                                                           WHEN c.relkind = 'c' THEN 'type'
                                                           WHEN f.objsubid <> 0 THEN 'column'
                                                           ELSE 'relation' END
                                               FROM pg_class AS c WHERE c.oid = f.objid)
               WHEN 'pg_proc'::regclass THEN 'routine'
               WHEN 'pg_type'::regclass THEN 'type'
               WHEN 'pg_publication_rel'::regclass THEN 'publication'
               WHEN 'pg_statistic_ext'::regclass THEN 'statistics'
               ELSE 'other'
           END AS kind
    FROM found AS f
)
SELECT n.number, n.kind, n.deptype = 'a' AS goes_along,
       CASE n.kind WHEN 'view' THEN pg_describe_object('pg_class'::regclass, n.relation, 0)
                   ELSE pg_describe_object(n.classid, n.objid, n.objsubid) END AS said,
       coalesce(s.nspname, ps.nspname, ts.nspname, '')::text AS schema,
       coalesce(c.relname, p.proname || '(' || oidvectortypes(p.proargtypes) || ')', t.typname, '')::text AS name,
       coalesce(a.attname, k.conname, g.tgname, o.polname, x.relname, '')::text AS part
FROM named AS n
LEFT JOIN pg_class AS c ON c.oid = n.relation
LEFT JOIN pg_namespace AS s ON s.oid = c.relnamespace
LEFT JOIN pg_proc AS p ON n.classid = 'pg_proc'::regclass AND p.oid = n.objid
LEFT JOIN pg_namespace AS ps ON ps.oid = p.pronamespace
LEFT JOIN pg_constraint AS k ON n.classid = 'pg_constraint'::regclass AND k.oid = n.objid
LEFT JOIN pg_type AS t ON t.oid = CASE n.classid WHEN 'pg_type'::regclass THEN n.objid ELSE nullif(k.contypid, 0) END
LEFT JOIN pg_namespace AS ts ON ts.oid = t.typnamespace
LEFT JOIN pg_attrdef AS d ON n.classid = 'pg_attrdef'::regclass AND d.oid = n.objid
LEFT JOIN pg_attribute AS a ON a.attrelid = n.relation AND a.attnum = coalesce(d.adnum, CASE n.kind WHEN 'column' THEN n.objsubid END)
LEFT JOIN pg_class AS x ON n.kind = 'index' AND x.oid = n.objid
LEFT JOIN pg_trigger AS g ON n.classid = 'pg_trigger'::regclass AND g.oid = n.objid
LEFT JOIN pg_policy AS o ON n.classid = 'pg_policy'::regclass AND o.oid = n.objid
ORDER BY n.number, said
