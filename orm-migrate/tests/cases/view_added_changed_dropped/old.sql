CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE VIEW a AS SELECT id FROM "user";
CREATE VIEW gone AS SELECT 1 AS one;
