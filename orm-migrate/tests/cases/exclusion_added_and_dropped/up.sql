-- drop exclusion constraint "e" of "t"
-- add exclusion constraint "f" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" exclude each other by "f"
-- hazard: nobody can read or write "t" while its index is built
-- hazard: exclusion constraint "e" of "t" is dropped with its index: queries that use it read the whole table from then on, and rows that it refuses may be written
ALTER TABLE "public"."t"
    DROP CONSTRAINT "e",
    ADD CONSTRAINT "f" EXCLUDE USING gist ("s" WITH &&) WHERE ((NOT isempty(s))) DEFERRABLE;
