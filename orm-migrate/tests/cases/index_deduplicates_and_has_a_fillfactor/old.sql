CREATE TABLE t (a int, b int, c int);
CREATE INDEX changed ON t (a) WITH (fillfactor = 70, deduplicate_items = off);
CREATE INDEX gone ON t (b) WITH (deduplicate_items = off, fillfactor = 80);
