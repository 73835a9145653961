-- The size of the tables $2 in the schemas $1, with everything that inherits from them or is a partition of them.
-- Rows are those of the last ANALYZE or VACUUM, -1 where there was none.
WITH RECURSIVE members (root, oid) AS (
    SELECT c.oid, c.oid
    FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
    JOIN pg_namespace AS n ON n.nspname = wanted.schema
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind IN ('r', 'p', 'm')
    UNION ALL
    SELECT members.root, i.inhrelid FROM members JOIN pg_inherits AS i ON i.inhparent = members.oid
)
SELECT n.nspname::text,
       root.relname::text,
       CASE WHEN bool_or(c.reltuples < 0 AND c.relkind <> 'p') THEN -1
            ELSE coalesce(sum(c.reltuples) FILTER (WHERE c.relkind <> 'p'), 0)::bigint END,
       coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint,
       root.relkind = 'p'
FROM members
JOIN pg_class AS c ON c.oid = members.oid
JOIN pg_class AS root ON root.oid = members.root
JOIN pg_namespace AS n ON n.oid = root.relnamespace
GROUP BY n.nspname, root.oid, root.relname, root.relkind
