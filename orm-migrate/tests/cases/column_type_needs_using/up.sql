-- change column "n" of "t": type text to integer
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "n" cannot become integer
ALTER TABLE "public"."t" ALTER COLUMN "n" TYPE integer USING "n"::integer;
