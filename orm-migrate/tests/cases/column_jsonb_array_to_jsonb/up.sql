-- change column "j" of "t": type jsonb[] to jsonb
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "j" cannot become jsonb
ALTER TABLE "public"."t" ALTER COLUMN "j" TYPE jsonb USING to_jsonb("j");
