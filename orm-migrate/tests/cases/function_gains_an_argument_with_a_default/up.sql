-- drop policy "p" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP POLICY "p" ON "public"."t";

-- drop index "ci" of "c"
-- lock: ACCESS EXCLUSIVE on "c"
DROP INDEX "public"."ci";

-- drop check "k" of "c"
-- lock: ACCESS EXCLUSIVE on "c"
ALTER TABLE "public"."c" DROP CONSTRAINT "k";

-- drop materialized view "public"."m"
-- lock: ACCESS EXCLUSIVE on "m"
DROP MATERIALIZED VIEW "public"."m";

-- drop view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
DROP VIEW "public"."v";

-- create function "public"."cur"(integer)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."cur"(x integer DEFAULT 3) RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$SELECT 1$function$;

-- create function "public"."f"(integer, integer)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."f"(integer, integer DEFAULT 3) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT 1$function$;

-- change domain "public"."o"
-- lock: ACCESS EXCLUSIVE on domain "public"."o" (on PostgreSQL 15.20, not on 15.18)
ALTER DOMAIN "public"."o" DROP CONSTRAINT "k";
ALTER DOMAIN "public"."o" DROP DEFAULT;

-- drop column "g" of "c"
-- lock: ACCESS EXCLUSIVE on "c"
ALTER TABLE "public"."c" DROP COLUMN "g";

-- drop function "public"."f"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(integer)
DROP FUNCTION "public"."f"(integer);

-- add column "g" integer GENERATED ALWAYS AS (public.f(id)) STORED to "c"
-- add check "k" to "c"
-- lock: ACCESS EXCLUSIVE on "c"
-- cost: writes "c" and its indexes anew
-- cost: reads every row of "c"
-- hazard: table "c" is written anew, with a value for "g" in every row
-- hazard: it fails if a row of "c" does not satisfy check "k"
-- hazard: nobody can read or write "c" while every row is checked
ALTER TABLE "public"."c"
    ADD COLUMN "g" integer GENERATED ALWAYS AS (public.f(id)) STORED,
    ADD CONSTRAINT "k" CHECK ((id > public.f(id)));

-- change column "d" of "t": drop default
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ALTER COLUMN "d" DROP DEFAULT;

-- drop function "public"."cur"()
-- lock: ACCESS EXCLUSIVE on function "public"."cur"()
DROP FUNCTION "public"."cur"();

-- change domain "public"."o"
-- lock: SHARE on "u"
-- lock: ACCESS EXCLUSIVE on domain "public"."o" (on PostgreSQL 15.20, not on 15.18)
-- cost: reads every row of "u"
-- hazard: it fails if a value in column "a" of table "u" does not satisfy (public.f(VALUE) > 0)
-- hazard: nobody can write "u" while every row is checked
ALTER DOMAIN "public"."o" SET DEFAULT public.cur();
ALTER DOMAIN "public"."o" ADD CONSTRAINT "k" CHECK ((public.f(VALUE) > 0));

-- change column "d" of "t": set default public.cur()
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ALTER COLUMN "d" SET DEFAULT public.cur();

-- add index "ci" to "c"
-- lock: SHARE on "c"
-- cost: reads every row of "c" to build an index
-- hazard: nobody can write "c" while the index is built
CREATE INDEX "ci" ON "public"."c" USING btree ((public.f(id)));

-- create materialized view "public"."m"
-- hazard: materialized view "m" is made again: the rows that it holds go, its query runs anew, and nobody can read it or write what was changed under it meanwhile
CREATE MATERIALIZED VIEW "public"."m" AS
SELECT public.cur() AS a;
CREATE INDEX "mi" ON "public"."m" USING btree ("a");

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT public.cur() AS a;

-- add policy "p" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
CREATE POLICY "p" ON "public"."t" USING ((id = public.cur()));
