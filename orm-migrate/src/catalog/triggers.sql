-- The triggers of the tables $1 that people made, by name: the server's own text, taken apart at the table's name.
-- A partition's that it has from its table are that table's.
SELECT g.tgrelid,
       g.tgname::text,
       g.tgconstraint <> 0,
       left(d.text, strpos(d.text, p.place) - 1),
       substr(d.text, strpos(d.text, p.place) + length(p.place))
FROM pg_trigger AS g
JOIN pg_class AS c ON c.oid = g.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT substr(pg_get_triggerdef(g.oid), length(format('CREATE %sTRIGGER %I ', CASE WHEN g.tgconstraint <> 0 THEN 'CONSTRAINT ' END, g.tgname)) + 1)
) AS d (text)
CROSS JOIN LATERAL (
    -- From PostgreSQL 15 on the schema of temporary tables is written as pg_temp, before as pg_temp_7.
    SELECT w.place
    FROM (VALUES (quote_ident(n.nspname)), (CASE WHEN n.oid = pg_my_temp_schema() THEN 'pg_temp' END)) AS s (name)
    CROSS JOIN LATERAL (SELECT format(' ON %s.%I ', s.name, c.relname)) AS w (place)
    WHERE s.name IS NOT NULL AND strpos(d.text, w.place) > 0
    ORDER BY strpos(d.text, w.place)
    LIMIT 1
) AS p
WHERE g.tgrelid = ANY ($1) AND NOT g.tgisinternal AND g.tgparentid = 0
ORDER BY g.tgrelid, g.tgname
