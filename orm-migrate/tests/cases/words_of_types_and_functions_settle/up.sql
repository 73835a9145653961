-- create domain "public"."d"
CREATE DOMAIN "public"."d" AS character varying(5) DEFAULT 'a'::character varying
    CONSTRAINT "d_check" CHECK (((VALUE)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])));

-- create function "public"."f"(character varying)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."f"(v character varying) RETURNS boolean
 LANGUAGE sql
RETURN ((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]));

-- create function "public"."g"(character varying)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."g"(v character varying DEFAULT 'x'::character varying) RETURNS boolean
 LANGUAGE sql
BEGIN ATOMIC
 SELECT ((v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]));
END;

-- create function "public"."h"()
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."h"() RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

-- add trigger "w" to "t"
-- lock: SHARE ROW EXCLUSIVE on "t"
CREATE TRIGGER "w" BEFORE INSERT ON "public"."t" FOR EACH ROW WHEN (((new.v)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))) EXECUTE FUNCTION public.h();
