CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE b (id int);
COMMENT ON TABLE "user" IS 'new';
