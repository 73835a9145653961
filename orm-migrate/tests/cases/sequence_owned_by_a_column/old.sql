CREATE SEQUENCE ord;
CREATE TABLE t (no text DEFAULT 'A' || nextval('ord'), x int);
ALTER SEQUENCE ord OWNED BY t.no;
CREATE TABLE gone (id int DEFAULT 1);
CREATE SEQUENCE kept OWNED BY gone.id;
CREATE TABLE s (id serial);
CREATE TABLE n (id int DEFAULT 7);
CREATE SEQUENCE moved OWNED BY n.id;
