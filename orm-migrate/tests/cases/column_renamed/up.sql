-- rename column "name" of "person" to "full_name"
-- lock: ACCESS EXCLUSIVE on "person"
-- hazard: programs that run meanwhile and still say column "name" of "person" fail from then on
ALTER TABLE "public"."person" RENAME COLUMN "name" TO "full_name";

-- rename check "person_name_check" of "person" to "person_full_name_check"
-- lock: ACCESS EXCLUSIVE on "person"
ALTER TABLE "public"."person" RENAME CONSTRAINT "person_name_check" TO "person_full_name_check";

-- rename index "person_name" of "person" to "person_full_name"
ALTER INDEX "public"."person_name" RENAME TO "person_full_name";
