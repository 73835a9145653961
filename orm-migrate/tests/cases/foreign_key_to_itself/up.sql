-- add foreign key "t_parent_fkey" to "t"
-- lock: SHARE ROW EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" has no match by foreign key "t_parent_fkey"
-- hazard: nobody can write "t" while every row of "t" is checked
ALTER TABLE "public"."t" ADD CONSTRAINT "t_parent_fkey" FOREIGN KEY ("parent") REFERENCES "public"."t" ("id");
