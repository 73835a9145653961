CREATE TABLE t (a int, b int, c int);
CREATE INDEX changed ON t (a) WITH (fillfactor = 80, deduplicate_items = on);
CREATE INDEX gone ON t (b);
CREATE INDEX new ON t (c) WITH (deduplicate_items = off, fillfactor = 60);
