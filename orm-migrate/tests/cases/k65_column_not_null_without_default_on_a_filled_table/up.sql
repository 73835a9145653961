-- add column "name" text DEFAULT ''::text NOT NULL to "user"
-- lock: ACCESS EXCLUSIVE on "user"
ALTER TABLE "public"."user" ADD COLUMN "name" text DEFAULT ''::text NOT NULL;
