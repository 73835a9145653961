-- The indexes of the tables $1 that belong to no constraint, and those of exclusion constraints: a row for each part of
-- the key and each included column. What a partition has from its table is that table's.
SELECT i.indrelid,
       c.relname::text,
       i.indisunique,
       m.amname::text,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
       pg_get_expr(i.indpred, i.indrelid),
       k.n > i.indnkeyatts,
       a.attname::text,
       CASE WHEN a.attname IS NULL THEN pg_get_indexdef(i.indexrelid, k.n, false) END,
       CASE WHEN o.oid IS NOT NULL AND (NOT o.opcdefault OR io.options IS NOT NULL)
            THEN quote_ident(os.nspname) || '.' || quote_ident(o.opcname)
                 || coalesce(io.options, '') END,
       CASE WHEN k.n <= i.indnkeyatts AND i.indcollation[k.n - 1] <> 0
                 AND i.indcollation[k.n - 1] <> coalesce(a.attcollation, 100)
            THEN quote_ident(cs.nspname) || '.' || quote_ident(co.collname) END,
       CASE WHEN k.n <= i.indnkeyatts THEN i.indoption[k.n - 1] ELSE 0 END,
       c.reloptions,
       x.conname::text,
       coalesce(x.condeferrable, false),
       coalesce(x.condeferred, false),
       CASE WHEN en.nspname = 'pg_catalog' THEN e.oprname::text
            ELSE 'OPERATOR(' || quote_ident(en.nspname) || '.' || e.oprname || ')' END
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_am AS m ON m.oid = c.relam
CROSS JOIN LATERAL generate_series(1, i.indnatts) AS k (n)
LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] AND a.attnum <> 0
LEFT JOIN pg_attribute AS ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.n
-- The parameters of an operator class. Names that begin with pg_ are reserved for the server.
LEFT JOIN LATERAL (
    SELECT '(' || string_agg(format('%I=%L', split_part(w, '=', 1), substr(w, strpos(w, '=') + 1)), ', ' ORDER BY w) || ')'
    FROM unnest(ia.attoptions) AS w WHERE w !~ '^pg_'
) AS io (options) ON true
LEFT JOIN pg_opclass AS o ON k.n <= i.indnkeyatts AND o.oid = i.indclass[k.n - 1]
LEFT JOIN pg_namespace AS os ON os.oid = o.opcnamespace
LEFT JOIN pg_collation AS co ON k.n <= i.indnkeyatts AND co.oid = i.indcollation[k.n - 1]
LEFT JOIN pg_namespace AS cs ON cs.oid = co.collnamespace
LEFT JOIN pg_constraint AS x ON x.conindid = i.indexrelid AND x.contype = 'x'
LEFT JOIN pg_operator AS e ON e.oid = x.conexclop[k.n]
LEFT JOIN pg_namespace AS en ON en.oid = e.oprnamespace
WHERE i.indrelid = ANY ($1)
  AND i.indisvalid
  AND NOT EXISTS (SELECT FROM pg_constraint AS x WHERE x.conindid = i.indexrelid AND x.contype IN ('p', 'u'))
  AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
ORDER BY i.indrelid, c.relname, k.n
