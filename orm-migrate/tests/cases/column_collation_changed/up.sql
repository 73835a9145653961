-- change column "s" of "t": collation
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can read or write "t" while "i" is built again
ALTER TABLE "public"."t" ALTER COLUMN "s" TYPE text COLLATE pg_catalog."C";
