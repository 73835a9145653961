CREATE TABLE t (id int, a text, b int, j jsonb);
CREATE INDEX i ON t (a) WITH (fillfactor = 70);
