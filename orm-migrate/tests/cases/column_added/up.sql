-- add column "name" text to "user"
-- add column "age" integer DEFAULT 18 to "user"
-- lock: ACCESS EXCLUSIVE on "user"
ALTER TABLE "public"."user"
    ADD COLUMN "name" text,
    ADD COLUMN "age" integer DEFAULT 18;
