-- change function "public"."touch"()
-- lock: ACCESS EXCLUSIVE on function "public"."touch"() (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."touch"() RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN NEW.at := clock_timestamp(); RETURN NEW; END $function$;
