CREATE DOMAIN validated AS int;
ALTER DOMAIN validated ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;
CREATE DOMAIN again AS text;
CREATE TABLE t (v validated, a again);
