-- add foreign key "b_a_id_fkey" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked; it fails if one has no match
ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE CASCADE ON UPDATE SET NULL;
