CREATE TABLE t (j jsonb);
