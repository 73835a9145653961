CREATE TABLE "user" (id bigserial PRIMARY KEY, email text UNIQUE, age int CHECK (age > 0));
CREATE INDEX ON "user" (lower(email));
CREATE TABLE post (id int PRIMARY KEY, author bigint REFERENCES "user");
CREATE VIEW adult AS SELECT id, email FROM "user" WHERE age > 17;
