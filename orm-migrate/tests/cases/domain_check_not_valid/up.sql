-- create domain "public"."made"
CREATE DOMAIN "public"."made" AS integer;
ALTER DOMAIN "public"."made" ADD CONSTRAINT "c" CHECK ((VALUE > 0)) NOT VALID;

-- change domain "public"."again"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: ACCESS EXCLUSIVE on domain "public"."again" (on PostgreSQL 15.20, not on 15.18)
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, for the type of column "a" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of column "a" of table "t" cannot become the new type
-- hazard: domain "again" (column "a" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
ALTER DOMAIN "public"."again" RENAME TO "again_orm_old";
CREATE DOMAIN "public"."again" AS character varying(9);
ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE "public"."again" USING "a"::text;
ALTER DOMAIN "public"."again" ADD CONSTRAINT "c" CHECK (((VALUE)::text <> 'x'::text)) NOT VALID;
DROP DOMAIN "public"."again_orm_old";

-- change domain "public"."validated"
-- lock: SHARE on "t"
-- lock: ACCESS EXCLUSIVE on domain "public"."validated" (on PostgreSQL 15.20, not on 15.18)
-- cost: reads every row of "t"
-- hazard: it fails if a value in column "v" of table "t" does not satisfy (VALUE > 0)
-- hazard: nobody can write "t" while every row is checked
ALTER DOMAIN "public"."validated" VALIDATE CONSTRAINT "c";
