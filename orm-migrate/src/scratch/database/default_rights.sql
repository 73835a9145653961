-- What takes back the default privileges of single schemas: they have no `DROP`.
SELECT DISTINCT format(
    'ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %s REVOKE ALL ON %s FROM %s',
    d.defaclrole::regrole, d.defaclnamespace::regnamespace,
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' ELSE 'TYPES' END,
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
FROM pg_default_acl AS d, LATERAL aclexplode(d.defaclacl) AS a
WHERE d.defaclnamespace <> 0
