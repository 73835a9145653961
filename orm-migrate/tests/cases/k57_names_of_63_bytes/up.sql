-- add column "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc" integer to "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
-- add unique constraint "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu" to "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
-- lock: ACCESS EXCLUSIVE on "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
-- cost: reads every row of "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt" to build an index
-- hazard: it fails if rows of "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt" have the same key
-- hazard: nobody can read or write "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt" while its index is built
ALTER TABLE "public"."ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
    ADD COLUMN "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc" integer,
    ADD CONSTRAINT "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu" UNIQUE ("ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc");
