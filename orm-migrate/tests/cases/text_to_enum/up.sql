-- create enum "public"."mood"
CREATE TYPE "public"."mood" AS ENUM ('sad', 'ok');

-- change column "feels" of "t": type text to public.mood, set default 'ok'::public.mood
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "feels" cannot become public.mood
ALTER TABLE "public"."t"
    ALTER COLUMN "feels" DROP DEFAULT,
    ALTER COLUMN "feels" TYPE public.mood USING "feels"::public.mood,
    ALTER COLUMN "feels" SET DEFAULT 'ok'::public.mood;
