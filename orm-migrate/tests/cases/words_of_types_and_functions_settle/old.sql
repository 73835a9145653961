CREATE TABLE t (v varchar(5));
CREATE DOMAIN same AS varchar(5) CHECK (VALUE IN ('a', 'b'));
