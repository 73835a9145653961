CREATE TABLE t (a int);
CREATE VIEW v WITH (security_barrier = true, check_option = local) AS SELECT a FROM t;
CREATE VIEW above AS SELECT a FROM v;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 80) AS SELECT a FROM t;
CREATE INDEX i ON m (a);
