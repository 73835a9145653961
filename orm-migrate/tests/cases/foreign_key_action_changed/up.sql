-- drop foreign key "f" of "b"
-- lock: ACCESS EXCLUSIVE on "b"
-- lock: ACCESS EXCLUSIVE on "a"
ALTER TABLE "public"."b" DROP CONSTRAINT "f";

-- add foreign key "f" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: it fails if a row of "b" has no match by foreign key "f"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked
ALTER TABLE "public"."b" ADD CONSTRAINT "f" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE SET NULL DEFERRABLE;
