CREATE TABLE t (id int, a text, b int, j jsonb);
CREATE INDEX i1 ON t (a COLLATE "C" text_pattern_ops DESC NULLS LAST, b);
CREATE UNIQUE INDEX i2 ON t (lower(a)) WHERE b > 0;
CREATE INDEX i3 ON t USING gin (j jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX i4 ON t USING hash (b);
CREATE INDEX i5 ON t USING brin (b) WITH (pages_per_range = 16);
CREATE UNIQUE INDEX i6 ON t (b) INCLUDE (a) NULLS NOT DISTINCT WITH (fillfactor = 80);
