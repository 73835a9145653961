-- drop foreign key "f" of "b"
-- lock: ACCESS EXCLUSIVE on "b"
-- lock: ACCESS EXCLUSIVE on "a"
ALTER TABLE "public"."b" DROP CONSTRAINT "f";

-- add foreign key "f" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked; it fails if one has no match
ALTER TABLE "public"."b" ADD CONSTRAINT "f" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE SET NULL DEFERRABLE;
