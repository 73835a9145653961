-- add column "b" integer GENERATED ALWAYS AS ((a * 2)) STORED to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, with a value for "b" in every row
ALTER TABLE "public"."t" ADD COLUMN "b" integer GENERATED ALWAYS AS ((a * 2)) STORED;
