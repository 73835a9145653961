CREATE TABLE t (id int) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
