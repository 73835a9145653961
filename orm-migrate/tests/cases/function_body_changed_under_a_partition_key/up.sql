-- change function "public"."f"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(integer) (on PostgreSQL 15.20, not on 15.18)
-- hazard: the rows of table "p" are in the partitions that the old body of function "public"."f"(integer) chose, and queries look for them where the new one places them; PostgreSQL does not move them: make a table of another name, and move the rows
CREATE OR REPLACE FUNCTION "public"."f"(a integer) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1 % 3$function$;
