-- add foreign key "b_a_id_fkey" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: it fails if a row of "b" has no match by foreign key "b_a_id_fkey"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked
ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id") ON DELETE CASCADE ON UPDATE SET NULL;
