CREATE TABLE t (s text) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
