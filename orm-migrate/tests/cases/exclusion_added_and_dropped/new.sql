CREATE TABLE t (r int4range, s int4range, CONSTRAINT f EXCLUDE USING gist (s WITH &&) WHERE (NOT isempty(s)) DEFERRABLE);
