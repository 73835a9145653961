CREATE TABLE "user" (id bigint PRIMARY KEY, email varchar(99) NOT NULL);
CREATE VIEW emails AS SELECT email FROM "user";
COMMENT ON VIEW emails IS 'of all';
