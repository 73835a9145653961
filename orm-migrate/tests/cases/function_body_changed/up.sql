-- change function "public"."touch"()
CREATE OR REPLACE FUNCTION "public"."touch"() RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN NEW.at := clock_timestamp(); RETURN NEW; END $function$;
