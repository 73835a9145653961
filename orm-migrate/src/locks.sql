-- The locks of this session, the setting, and by how many sessions it is multiplied. Weak locks on tables are left out: most
-- are held elsewhere.
SELECT count(DISTINCT l) FILTER (WHERE l.pid = pg_backend_pid()),
       current_setting('max_locks_per_transaction')::bigint,
       current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint
FROM (SELECT pid, locktype, database, relation, classid, objid, objsubid FROM pg_catalog.pg_locks WHERE NOT fastpath) AS l
