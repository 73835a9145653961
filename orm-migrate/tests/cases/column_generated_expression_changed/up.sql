-- drop column "b" of "t"
-- add column "b" integer GENERATED ALWAYS AS ((a * 3)) STORED to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, with a value for "b" in every row
ALTER TABLE "public"."t"
    DROP COLUMN "b",
    ADD COLUMN "b" integer GENERATED ALWAYS AS ((a * 3)) STORED;
