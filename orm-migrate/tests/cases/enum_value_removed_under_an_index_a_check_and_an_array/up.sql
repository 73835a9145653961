-- drop index "i" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP INDEX "public"."i";

-- drop check "t_feels_check" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" DROP CONSTRAINT "t_feels_check";

-- change enum "public"."mood"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: EXCLUSIVE on enum "public"."mood"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, for the type of column "feels" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a row of "t" has 'x' in column "feels"
-- hazard: table "t" is written anew, for the type of column "all_of" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a row of "t" has 'x' in column "all_of"
-- hazard: enum "mood" (columns "feels" of "t", "all_of" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
ALTER TYPE "public"."mood" RENAME TO "mood_orm_old";
CREATE TYPE "public"."mood" AS ENUM ('sad', 'ok');
ALTER TABLE "public"."t"
    ALTER COLUMN "feels" TYPE "public"."mood" USING "feels"::text::"public"."mood",
    ALTER COLUMN "all_of" TYPE "public"."mood"[] USING "all_of"::text[]::"public"."mood"[];
DROP TYPE "public"."mood_orm_old";

-- add check "t_feels_check" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" does not satisfy check "t_feels_check"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t" ADD CONSTRAINT "t_feels_check" CHECK ((feels <> 'sad'::public.mood));

-- add index "i" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i" ON "public"."t" USING btree ("feels") WHERE ((feels = 'ok'::public.mood));
