CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);

COMMENT ON TABLE "user" IS 'Who may sign in';
COMMENT ON COLUMN "user".email IS 'It''s unique';
