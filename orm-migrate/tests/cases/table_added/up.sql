-- create table "user" (2 columns)
CREATE TABLE "public"."user" (
    "id" bigint NOT NULL,
    "email" text NOT NULL,
    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);
COMMENT ON TABLE "public"."user" IS 'Who may sign in';
COMMENT ON COLUMN "public"."user"."email" IS 'It''s unique';
