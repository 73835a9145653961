-- drop index "pi" of "p"
-- lock: ACCESS EXCLUSIVE on "p"
-- lock: ACCESS EXCLUSIVE on "p1"
DROP INDEX "public"."pi";

-- drop index "i" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP INDEX "public"."i";

-- drop materialized view "public"."m"
-- lock: ACCESS EXCLUSIVE on "m"
DROP MATERIALIZED VIEW "public"."m";

-- drop function "public"."f"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(integer)
DROP FUNCTION "public"."f"(integer);

-- create function "public"."f"(integer)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."f"(b integer) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1$function$;

-- add index "pi" to "p"
-- lock: SHARE on "p"
-- lock: SHARE on "p1"
-- cost: reads every row of "p" to build an index
-- hazard: nobody can write "p" while the index is built
CREATE INDEX "pi" ON "public"."p" USING btree ((public.f(a)));

-- add index "i" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i" ON "public"."t" USING btree ((public.f(a)));

-- create materialized view "public"."m"
-- hazard: materialized view "m" is made again: the rows that it holds go, its query runs anew, and nobody can read it or write what was changed under it meanwhile
CREATE MATERIALIZED VIEW "public"."m" AS
SELECT 1 AS a;
CREATE INDEX "mi" ON "public"."m" USING btree ((public.f(a)));
