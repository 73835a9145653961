-- change column "s" of "t": type text to public.citext
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "s" cannot become public.citext
ALTER TABLE "public"."t" ALTER COLUMN "s" TYPE public.citext USING "s"::public.citext;
