-- The triggers of the tables $1 that people made, by name: the server's own text, taken apart at the table's name.
-- A partition's that it has from its table are that table's.
SELECT g.tgrelid,
       g.tgname::text,
       g.tgconstraint <> 0,
       left(d.text, strpos(d.text, d.place) - 1),
       substr(d.text, strpos(d.text, d.place) + length(d.place))
FROM pg_trigger AS g
JOIN pg_class AS c ON c.oid = g.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT substr(pg_get_triggerdef(g.oid), length(format('CREATE %sTRIGGER %I ', CASE WHEN g.tgconstraint <> 0 THEN 'CONSTRAINT ' END, g.tgname)) + 1) AS text,
           format(' ON %s.%I ', CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' ELSE quote_ident(n.nspname) END, c.relname) AS place
) AS d
WHERE g.tgrelid = ANY ($1) AND NOT g.tgisinternal AND g.tgparentid = 0
ORDER BY g.tgrelid, g.tgname
