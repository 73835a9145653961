-- What somebody has made in this database, as `DROP` names it; nothing in an empty one. $1: extensions that were
-- there before. Default privileges go with their schema, and have no `DROP`.
SELECT CASE i.type WHEN 'statistics object' THEN 'statistics' ELSE i.type END, i.identity
FROM (
    SELECT DISTINCT d.classid, d.objid
    FROM pg_depend AS d JOIN pg_namespace AS n ON n.oid = d.refobjid
    WHERE d.refclassid = 'pg_namespace'::regclass AND d.deptype = 'n'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      -- Members of extensions, and what another object has made for itself. (The key of a partitioned table hangs on
      -- the table itself.)
      AND NOT EXISTS (SELECT FROM pg_depend AS m
                      WHERE m.classid = d.classid AND m.objid = d.objid AND m.deptype IN ('e', 'i', 'a')
                        AND (m.refclassid, m.refobjid) <> (m.classid, m.objid))
    UNION
    SELECT 'pg_extension'::regclass, e.oid FROM pg_extension AS e WHERE e.extname <> 'plpgsql'
    UNION
    SELECT 'pg_namespace'::regclass, n.oid FROM pg_namespace AS n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('public', 'information_schema')
      AND NOT EXISTS (SELECT FROM pg_depend AS m
                      WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid AND m.deptype = 'e')
) AS o, LATERAL pg_identify_object(o.classid, o.objid, 0) AS i
WHERE i.type <> 'default acl' AND NOT (i.type = 'extension' AND i.identity = ANY ($1))
ORDER BY 1 DESC, 2
