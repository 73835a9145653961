-- add foreign key "f" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: it fails if a row of "b" has no match by foreign key "f"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked
ALTER TABLE "public"."b" ADD CONSTRAINT "f" FOREIGN KEY ("x", "y") REFERENCES "public"."a" ("x", "y") MATCH FULL ON DELETE SET NULL ("y");
