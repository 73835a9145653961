CREATE TABLE t (id int CONSTRAINT new_key PRIMARY KEY, a int CONSTRAINT new_unique UNIQUE, b int CONSTRAINT new_check CHECK (b > 0), c int CONSTRAINT new_reference REFERENCES t);
CREATE INDEX new_index ON t (b);
