-- change column "s" of "t": collation
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
ALTER TABLE "public"."t" ALTER COLUMN "s" TYPE text COLLATE pg_catalog."C";
