-- drop unique constraint "u" of "t"
-- add unique constraint "u" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" have the same key
-- hazard: nobody can read or write "t" while its index is built
ALTER TABLE "public"."t"
    DROP CONSTRAINT "u",
    ADD CONSTRAINT "u" UNIQUE NULLS NOT DISTINCT ("a", "b");
