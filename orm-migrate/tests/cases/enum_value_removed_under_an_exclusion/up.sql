-- drop index "i" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP INDEX "public"."i";

-- drop exclusion constraint "x" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" DROP CONSTRAINT "x";

-- change enum "public"."e"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: EXCLUSIVE on enum "public"."e"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, for the type of column "m" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a row of "t" has 'c' in column "m"
-- hazard: enum "e" (column "m" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
ALTER TYPE "public"."e" RENAME TO "e_orm_old";
CREATE TYPE "public"."e" AS ENUM ('a', 'b');
ALTER TABLE "public"."t" ALTER COLUMN "m" TYPE "public"."e" USING "m"::text::"public"."e";
DROP TYPE "public"."e_orm_old";

-- add exclusion constraint "x" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" exclude each other by "x"
-- hazard: nobody can read or write "t" while its index is built
ALTER TABLE "public"."t" ADD CONSTRAINT "x" EXCLUDE USING btree ("a" WITH =) WHERE ((m = 'a'::public.e));

-- add index "i" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i" ON "public"."t" USING btree ("a") WHERE ((m = 'b'::public.e));
