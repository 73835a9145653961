-- change column "feels" of "t": drop default
-- change column "feels" of "t": type public.mood to text, set default 'ok'::text
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."t"
    ALTER COLUMN "feels" DROP DEFAULT,
    ALTER COLUMN "feels" TYPE text,
    ALTER COLUMN "feels" SET DEFAULT 'ok'::text;

-- drop enum "public"."mood"
-- lock: ACCESS EXCLUSIVE on enum "public"."mood"
DROP TYPE "public"."mood";
