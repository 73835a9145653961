-- add column "b" integer GENERATED ALWAYS AS ((a * 2)) VIRTUAL to "t"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ADD COLUMN "b" integer GENERATED ALWAYS AS ((a * 2)) VIRTUAL;
