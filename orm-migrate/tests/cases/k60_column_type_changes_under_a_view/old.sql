CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE VIEW emails AS SELECT email FROM "user";
GRANT SELECT ON emails TO PUBLIC;
COMMENT ON VIEW emails IS 'of all';
