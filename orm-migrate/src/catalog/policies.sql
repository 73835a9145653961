-- The policies of the tables $1, by name. Role 0 is PUBLIC.
SELECT p.polrelid,
       p.polname::text,
       NOT p.polpermissive,
       p.polcmd::text,
       (SELECT array_agg(r.rolname::text ORDER BY r.rolname) FROM pg_roles AS r WHERE r.oid = ANY (p.polroles)),
       pg_get_expr(p.polqual, p.polrelid),
       pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_policy AS p
WHERE p.polrelid = ANY ($1)
ORDER BY p.polrelid, p.polname
