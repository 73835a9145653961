CREATE TABLE t (id int CONSTRAINT old_key PRIMARY KEY, a int CONSTRAINT old_unique UNIQUE, b int CONSTRAINT old_check CHECK (b > 0), c int CONSTRAINT old_reference REFERENCES t);
CREATE INDEX old_index ON t (b);
