-- drop check "c" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" DROP CONSTRAINT "c";

-- drop function "public"."fine"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."fine"(integer)
DROP FUNCTION "public"."fine"(integer);

-- create function "public"."fine"(integer)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."fine"(b integer) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT b > 0$function$;

-- add check "c" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" does not satisfy check "c"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t" ADD CONSTRAINT "c" CHECK (public.fine(a));
