-- The rights that the connected role lacks, each with what gives it: kind, schema, name, right, whether the schema is
-- the one in which unqualified names are made, and the statement.
WITH me AS (
    SELECT current_user AS role, pg_catalog.current_schema() AS here, current_database() AS db
), own AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), thing AS (
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                          WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' ELSE 'TABLE' END AS kind,
           c.oid, c.relnamespace AS namespace, c.relname AS name, c.relowner AS owner, quote_ident(c.relname) AS said
    FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid, t.typnamespace, t.typname, t.typowner,
           quote_ident(t.typname)
    FROM pg_type AS t WHERE t.typtype IN ('e', 'd', 'r')
    UNION ALL
    SELECT 'ROUTINE', p.oid, p.pronamespace, p.proname, p.proowner,
           format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid))
    FROM pg_proc AS p
)
SELECT 'DATABASE', ''::text, db::text, 'CREATE'::text, false, format('GRANT CREATE ON DATABASE %I TO %I', db, role)
FROM me WHERE NOT has_database_privilege(db, 'CREATE')
UNION ALL
SELECT 'SCHEMA', n.nspname::text, n.nspname::text, r.name, n.nspname IS NOT DISTINCT FROM here,
       format('GRANT %s ON SCHEMA %I TO %I', r.name, n.nspname, role)
FROM me, own AS n, (VALUES ('USAGE'), ('CREATE')) AS r (name) WHERE NOT has_schema_privilege(n.oid, r.name)
UNION ALL
-- Who owns something passes that right on by membership; a superuser had better give the thing away.
SELECT t.kind, n.nspname::text, t.name::text, 'OWNER', n.nspname IS NOT DISTINCT FROM here,
       CASE WHEN o.rolsuper THEN format('ALTER %s %I.%s OWNER TO %I', t.kind, n.nspname, t.said, role)
            ELSE format('GRANT %I TO %I', o.rolname, role) END
FROM me, thing AS t JOIN own AS n ON n.oid = t.namespace JOIN pg_roles AS o ON o.oid = t.owner
WHERE NOT pg_has_role(t.owner, 'USAGE')
UNION ALL
SELECT 'TABLE', n.nspname::text, c.relname::text, r.name, n.nspname IS NOT DISTINCT FROM here,
       format('GRANT %s ON %I.%I TO %I', r.name, n.nspname, c.relname, role)
FROM me, pg_class AS c JOIN own AS n ON n.oid = c.relnamespace,
     (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES')) AS r (name)
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT has_table_privilege(c.oid, r.name)
UNION ALL
SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, n.nspname::text, t.typname::text, 'USAGE',
       pg_type_is_visible(t.oid), format('GRANT USAGE ON TYPE %I.%I TO %I', n.nspname, t.typname, role)
FROM me, pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
WHERE t.typtype IN ('b', 'c', 'd', 'e', 'r') AND t.typelem = 0 AND n.nspname !~ '^pg_t'
  AND NOT has_type_privilege(t.oid, 'USAGE')
UNION ALL
SELECT 'ROUTINE', n.nspname::text, p.proname::text, 'EXECUTE', pg_function_is_visible(p.oid),
       format('GRANT EXECUTE ON ROUTINE %I.%I(%s) TO %I', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), role)
FROM me, pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE NOT has_function_privilege(p.oid, 'EXECUTE')
UNION ALL
SELECT 'OPERATOR', n.nspname::text, o.oprname::text, 'EXECUTE', pg_operator_is_visible(o.oid),
       format('GRANT EXECUTE ON ROUTINE %s TO %I', o.oprcode::regprocedure, role)
FROM me, pg_operator AS o JOIN own AS n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND NOT has_function_privilege(o.oprcode, 'EXECUTE')
UNION ALL
SELECT 'SEQUENCE', n.nspname::text, c.relname::text, 'USAGE', n.nspname IS NOT DISTINCT FROM here,
       format('GRANT USAGE ON SEQUENCE %I.%I TO %I', n.nspname, c.relname, role)
FROM me, pg_class AS c JOIN own AS n ON n.oid = c.relnamespace
-- In this order: of what is no sequence it is not asked.
WHERE CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'USAGE') ELSE false END
ORDER BY 1, 2, 3, 4
