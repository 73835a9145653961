CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE VIEW a AS SELECT email FROM "user";
COMMENT ON VIEW a IS 'kept';
