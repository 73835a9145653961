-- The primary keys, uniques, foreign keys and checks of the tables $1, by name.
-- NOT NULL is a constraint of its own from PostgreSQL 18 on (contype 'n'): the columns say it already.
-- indnullsnotdistinct exists from PostgreSQL 15 on, hence the detour over jsonb.
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
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false)
FROM pg_constraint AS c
LEFT JOIN pg_class AS f ON f.oid = c.confrelid
LEFT JOIN pg_namespace AS fn ON fn.oid = f.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u')
WHERE c.conrelid = ANY ($1) AND c.contype IN ('p', 'u', 'f', 'c')
ORDER BY c.conrelid, c.conname
