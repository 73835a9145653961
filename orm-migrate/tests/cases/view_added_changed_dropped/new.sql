CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE VIEW a AS SELECT id, email FROM "user";
CREATE VIEW b WITH (security_barrier) AS SELECT id FROM a;
