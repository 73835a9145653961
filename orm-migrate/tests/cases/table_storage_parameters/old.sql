CREATE TABLE t (s text) WITH (fillfactor = 70);
