CREATE TABLE t (a int);
CREATE VIEW v WITH (security_barrier = false, security_invoker = true) AS SELECT a FROM t;
CREATE VIEW above AS SELECT a FROM v;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = false) AS SELECT a FROM t;
CREATE INDEX i ON m (a);
