-- What the server stores of the results of functions: those that the texts $1 name, and all that are computed by them.
-- One row for each: the number of the function in $1, the kind, the table, view or domain, and the part of it.
WITH RECURSIVE walk (number, class, oid, part) AS (
    SELECT a.number, 'pg_proc'::regclass::oid, to_regprocedure(a.name)::oid, 0
    FROM unnest($1::text[]) WITH ORDINALITY AS a (name, number)
    WHERE to_regprocedure(a.name) IS NOT NULL
    UNION
    SELECT w.number, x.class, x.oid, x.part
    FROM walk AS w CROSS JOIN LATERAL (
        SELECT n.class, n.oid, n.part
        FROM pg_depend AS d
        CROSS JOIN LATERAL (
            SELECT d.classid, d.objid, d.objsubid
            WHERE d.classid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_constraint'::regclass)
            UNION ALL
            -- An index, a partition key, and before 15 a generated column.
            SELECT d.classid, d.objid, d.objsubid WHERE d.classid = 'pg_class'::regclass
            UNION ALL
            SELECT 'pg_class'::regclass, a.adrelid, a.adnum::int
            FROM pg_attrdef AS a WHERE d.classid = 'pg_attrdef'::regclass AND a.oid = d.objid
            UNION ALL
            SELECT 'pg_class'::regclass, r.ev_class, 0
            FROM pg_rewrite AS r WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
            UNION ALL
            -- An operator or function of an operator family.
            SELECT 'pg_opclass'::regclass, c.oid, 0
            FROM pg_opclass AS c
            WHERE d.classid = 'pg_amop'::regclass AND c.opcfamily = (SELECT m.amopfamily FROM pg_amop AS m WHERE m.oid = d.objid)
               OR d.classid = 'pg_amproc'::regclass AND c.opcfamily = (SELECT m.amprocfamily FROM pg_amproc AS m WHERE m.oid = d.objid)
        ) AS n (class, oid, part)
        WHERE d.refclassid = w.class AND d.refobjid = w.oid AND (w.part = 0 OR d.refobjsubid IN (0, w.part))
          AND d.deptype IN ('n', 'a', 'i')
          AND CASE
              WHEN w.class <> 'pg_class'::regclass THEN w.class <> 'pg_constraint'::regclass
              -- Of a column that is not stored also the checks; of all others the server computes what is made of them.
              WHEN w.part > 0 THEN d.classid = 'pg_rewrite'::regclass
                  OR d.classid = 'pg_constraint'::regclass
                     AND EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = w.oid AND a.attnum = w.part AND a.attgenerated = 'v')
              ELSE d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass)
                   AND EXISTS (SELECT FROM pg_class AS v WHERE v.oid = w.oid AND v.relkind IN ('v', 'm'))
          END
          AND (n.class <> 'pg_class'::regclass OR n.part = 0
               OR EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = n.oid AND a.attnum = n.part AND a.attgenerated <> ''))
        UNION ALL
        -- A body that is a string has no rows in pg_depend: its text is searched.
        SELECT 'pg_proc'::regclass, p.oid, 0
        FROM pg_proc AS f
        JOIN pg_proc AS p
          ON p.oid <> f.oid AND p.prosqlbody IS NULL
         AND p.prosrc ~ ('(^|[^[:alnum:]_$])' || regexp_replace(f.proname, '([^[:alnum:]_])', '\\\1', 'g') || '"?[[:space:]]*\(')
        JOIN pg_language AS l ON l.oid = p.prolang AND l.lanname NOT IN ('internal', 'c')
        JOIN pg_namespace AS s ON s.oid = p.pronamespace AND s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'
        WHERE w.class = 'pg_proc'::regclass AND f.oid = w.oid
    ) AS x
)
SELECT w.number, 'index', n.nspname::text, t.relname::text, c.relname::text, c.relkind = 'I', i.indisexclusion
FROM walk AS w
JOIN pg_class AS c ON w.class = 'pg_class'::regclass AND c.oid = w.oid AND c.relkind IN ('i', 'I') AND NOT c.relispartition
JOIN pg_index AS i ON i.indexrelid = c.oid AND i.indisvalid
JOIN pg_class AS t ON t.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = t.relnamespace
UNION ALL
SELECT w.number, 'partition key', n.nspname, c.relname, '', true, false
FROM walk AS w
JOIN pg_class AS c ON w.class = 'pg_class'::regclass AND c.oid = w.oid AND w.part = 0 AND c.relkind = 'p'
JOIN pg_namespace AS n ON n.oid = c.relnamespace
UNION ALL
SELECT w.number, 'column', n.nspname, c.relname, a.attname, c.relkind = 'p', false
FROM walk AS w
JOIN pg_class AS c ON w.class = 'pg_class'::regclass AND c.oid = w.oid
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = w.part AND a.attgenerated = 's' AND a.attinhcount = 0
JOIN pg_namespace AS n ON n.oid = c.relnamespace
UNION ALL
SELECT w.number, CASE WHEN k.contypid = 0 THEN 'check' ELSE 'domain check' END,
       coalesce(n.nspname, tn.nspname), coalesce(c.relname, t.typname), k.conname, coalesce(c.relkind = 'p', false), false
FROM walk AS w
JOIN pg_constraint AS k
  ON w.class = 'pg_constraint'::regclass AND k.oid = w.oid AND k.contype = 'c' AND k.convalidated AND k.coninhcount = 0
LEFT JOIN pg_class AS c ON c.oid = k.conrelid
LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_type AS t ON t.oid = k.contypid
LEFT JOIN pg_namespace AS tn ON tn.oid = t.typnamespace
UNION ALL
-- What an exclusion constraint compares by: its index has it from there.
SELECT w.number, 'index', n.nspname, t.relname, c.relname, c.relkind = 'I', true
FROM walk AS w
JOIN pg_constraint AS k ON w.class = 'pg_constraint'::regclass AND k.oid = w.oid AND k.contype = 'x' AND k.coninhcount = 0
JOIN pg_class AS c ON c.oid = k.conindid
JOIN pg_class AS t ON t.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = t.relnamespace
UNION ALL
SELECT * FROM (
    SELECT w.number, 'materialized view', n.nspname, c.relname, '', false, false
    FROM walk AS w
    JOIN pg_class AS c ON w.class = 'pg_class'::regclass AND c.oid = w.oid AND c.relkind = 'm' AND c.relispopulated
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    -- One that reads another one is made after it.
    ORDER BY c.oid
) AS views
