-- change domain "public"."d"
-- lock: ACCESS EXCLUSIVE on domain "public"."d" (on PostgreSQL 15.20, not on 15.18)
ALTER DOMAIN "public"."d" DROP CONSTRAINT "c";

-- change domain "public"."o"
-- lock: ACCESS EXCLUSIVE on domain "public"."o" (on PostgreSQL 15.20, not on 15.18)
ALTER DOMAIN "public"."o" DROP CONSTRAINT "c";

-- drop function "public"."fine"(text)
-- lock: ACCESS EXCLUSIVE on function "public"."fine"(text)
DROP FUNCTION "public"."fine"(text);

-- create function "public"."fine"(text)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."fine"(b text) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT true$function$;

-- change domain "public"."o"
-- lock: SHARE on "t"
-- lock: ACCESS EXCLUSIVE on domain "public"."o" (on PostgreSQL 15.20, not on 15.18)
-- cost: reads every row of "t"
-- hazard: it fails if a value in column "b" of table "t" does not satisfy public.fine(VALUE)
-- hazard: nobody can write "t" while every row is checked
ALTER DOMAIN "public"."o" ADD CONSTRAINT "c" CHECK (public.fine(VALUE));

-- drop function "public"."ok"(text)
-- lock: ACCESS EXCLUSIVE on function "public"."ok"(text)
DROP FUNCTION "public"."ok"(text);
