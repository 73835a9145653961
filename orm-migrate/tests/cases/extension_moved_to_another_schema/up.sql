-- create schema "x"
CREATE SCHEMA IF NOT EXISTS "x";

-- move extension "hstore" to schema "x"
ALTER EXTENSION "hstore" SET SCHEMA "x";
