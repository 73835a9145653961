-- drop view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
DROP VIEW "public"."v";

-- drop function "public"."f"()
-- lock: ACCESS EXCLUSIVE on function "public"."f"()
DROP FUNCTION "public"."f"();

-- create function "public"."f"()
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."f"() RETURNS TABLE(a integer, b integer, c integer)
 LANGUAGE sql
AS $function$SELECT 1, 2, 3$function$;

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT a
   FROM public.f() f(a, b, c);
