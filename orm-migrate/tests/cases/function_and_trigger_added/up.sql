-- create function "public"."touch"()
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."touch"() RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN NEW.at := now(); RETURN NEW; END $function$;

-- add trigger "touch" to "t"
-- lock: SHARE ROW EXCLUSIVE on "t"
CREATE TRIGGER "touch" BEFORE UPDATE OF id ON "public"."t" FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch();
