-- change enum "public"."mood"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: EXCLUSIVE on enum "public"."mood"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, for the type of column "feels" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a row of "t" has 'happy' in column "feels"
-- hazard: enum "mood" (column "feels" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
ALTER TYPE "public"."mood" RENAME TO "mood_orm_old";
CREATE TYPE "public"."mood" AS ENUM ('sad', 'ok');
ALTER TABLE "public"."t"
    ALTER COLUMN "feels" DROP DEFAULT,
    ALTER COLUMN "feels" TYPE "public"."mood" USING "feels"::text::"public"."mood",
    ALTER COLUMN "feels" SET DEFAULT 'ok'::public.mood;
DROP TYPE "public"."mood_orm_old";
