CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE VIEW theirs AS SELECT id FROM "user";
CREATE TABLE note (u bigint REFERENCES "user");
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
