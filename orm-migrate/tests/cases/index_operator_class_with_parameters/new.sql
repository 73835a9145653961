CREATE TABLE t (a tsvector, b tsvector, c int4range);
CREATE INDEX changed ON t USING gist (a tsvector_ops (siglen = 32));
CREATE INDEX made ON t USING gist (b tsvector_ops (siglen = 64), c);
