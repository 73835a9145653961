-- The primary keys, uniques, foreign keys and checks of the tables $1, by name; exclusions are among the indexes.
-- What a partition has from its table is that table's.
-- NOT NULL is a constraint of its own from PostgreSQL 18 on (contype 'n'): the columns say it already.
-- indnullsnotdistinct and confdelsetcols exist from PostgreSQL 15 on, hence the detour over jsonb.
SELECT c.conrelid,
       c.conname::text,
       c.contype::text,
       (SELECT array_agg(a.attname::text ORDER BY k.n)
        FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
       fn.nspname::text,
       f.relname::text,
       (SELECT array_agg(a.attname::text ORDER BY k.n)
        FROM unnest(c.confkey) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute AS a ON a.attrelid = c.confrelid AND a.attnum = k.attnum),
       c.confdeltype::text,
       c.confupdtype::text,
       c.condeferrable,
       c.condeferred,
       pg_get_expr(c.conbin, c.conrelid),
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
       (SELECT array_agg(a.attname::text ORDER BY k.n)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
        WHERE k.n > i.indnkeyatts),
       c.confmatchtype = 'f',
       (SELECT array_agg(a.attname::text ORDER BY a.attname)
        FROM jsonb_array_elements_text(CASE WHEN c.contype = 'f' AND to_jsonb(c) ->> 'confdelsetcols' IS NOT NULL
                                            THEN to_jsonb(c) -> 'confdelsetcols' ELSE '[]' END) AS k (attnum)
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.attnum::int2),
       NOT c.convalidated,
       c.contype = 'c' AND c.connoinherit,
       -- The index that enforces a foreign key: the server takes the first one that fits, or that of the primary key.
       x.relname::text
FROM pg_constraint AS c
JOIN pg_class AS t ON t.oid = c.conrelid
LEFT JOIN pg_class AS f ON f.oid = c.confrelid
LEFT JOIN pg_namespace AS fn ON fn.oid = f.relnamespace
LEFT JOIN pg_class AS x ON x.oid = c.conindid AND c.contype = 'f'
LEFT JOIN pg_index AS i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u')
WHERE c.conrelid = ANY ($1) AND c.contype IN ('p', 'u', 'f', 'c')
  AND c.conparentid = 0 AND NOT (t.relispartition AND c.coninhcount > 0)
ORDER BY c.conrelid, c.conname
