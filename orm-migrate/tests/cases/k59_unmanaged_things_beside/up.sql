-- add column "name" text to "user"
-- lock: ACCESS EXCLUSIVE on "user"
ALTER TABLE "public"."user" ADD COLUMN "name" text;
