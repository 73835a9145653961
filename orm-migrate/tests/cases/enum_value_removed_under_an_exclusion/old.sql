CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (a int, m e, CONSTRAINT x EXCLUDE USING btree (a WITH =) WHERE (m = 'a'::e));
CREATE INDEX i ON t (a) WHERE m = 'b'::e;
