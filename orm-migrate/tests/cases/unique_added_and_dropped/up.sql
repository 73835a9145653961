-- drop unique constraint "t_a_key" of "t"
-- add unique constraint "t_b_key" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" have the same key
-- hazard: nobody can read or write "t" while its index is built
-- hazard: unique constraint "t_a_key" of "t" is dropped with its index: queries that use it read the whole table from then on, and rows may have the same key
ALTER TABLE "public"."t"
    DROP CONSTRAINT "t_a_key",
    ADD CONSTRAINT "t_b_key" UNIQUE ("b");
