-- drop view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
DROP VIEW "public"."v";

-- drop function "public"."by_body"(public.users)
-- lock: ACCESS EXCLUSIVE on function "public"."by_body"(public.users)
DROP FUNCTION "public"."by_body"(public.users);

-- drop function "public"."of_fast"(public.fast)
-- lock: ACCESS EXCLUSIVE on function "public"."of_fast"(public.fast)
DROP FUNCTION "public"."of_fast"(public.fast);

-- drop function "public"."of_pair"(public.pair)
-- lock: ACCESS EXCLUSIVE on function "public"."of_pair"(public.pair)
DROP FUNCTION "public"."of_pair"(public.pair);

-- drop function "public"."of_part"(public.part)
-- lock: ACCESS EXCLUSIVE on function "public"."of_part"(public.part)
DROP FUNCTION "public"."of_part"(public.part);

-- change composite type "public"."pair"
-- lock: ACCESS EXCLUSIVE on composite type "public"."pair"
-- hazard: composite type "pair" has other attributes: running programs that are built for the old ones can neither read nor write its values; those with drivers other than orm must reconnect, too
ALTER TYPE "public"."pair" ADD ATTRIBUTE "z" integer;

-- create function "public"."of_pair"(public.pair)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."of_pair"(t public.pair) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN (t).x;

-- add column "c" integer DEFAULT 7 to "parts"
-- lock: ACCESS EXCLUSIVE on "parts"
-- lock: ACCESS EXCLUSIVE on "part"
ALTER TABLE "public"."parts" ADD COLUMN "c" integer DEFAULT 7;

-- create function "public"."of_part"(public.part)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."of_part"(t public.part) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN (t).a;

-- change column "b" of "users": type text to character varying(20)
-- add column "c" integer DEFAULT 5 NOT NULL to "users"
-- add column "d" timestamp with time zone DEFAULT clock_timestamp() to "users"
-- add column "e" integer GENERATED ALWAYS AS IDENTITY NOT NULL to "users"
-- add column "f" integer GENERATED ALWAYS AS ((a + 1)) STORED to "users"
-- lock: ACCESS EXCLUSIVE on "users"
-- cost: writes "users" and its indexes anew
-- hazard: table "users" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "b" cannot become character varying(20)
-- hazard: table "users" is written anew, with a value for "d" in every row
-- hazard: table "users" is written anew, with a value for "e" in every row
-- hazard: table "users" is written anew, with a value for "f" in every row
ALTER TABLE "public"."users"
    ALTER COLUMN "b" TYPE character varying(20),
    ADD COLUMN "c" integer DEFAULT 5 NOT NULL,
    ADD COLUMN "d" timestamp with time zone DEFAULT clock_timestamp(),
    ADD COLUMN "e" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    ADD COLUMN "f" integer GENERATED ALWAYS AS ((a + 1)) STORED;

-- create function "public"."by_body"(public.users)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."by_body"(t public.users) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
BEGIN ATOMIC
 SELECT (t).a AS a;
END;
COMMENT ON FUNCTION "public"."by_body"(public.users) IS 'by its body';
REVOKE ALL ON ROUTINE public.by_body(public.users) FROM PUBLIC;

-- make "fast" logged
-- lock: ACCESS EXCLUSIVE on "fast"
-- cost: writes "fast" and its indexes anew
-- hazard: table "fast" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."fast" SET LOGGED;

-- create function "public"."of_fast"(public.fast)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."of_fast"(t public.fast) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN (t).id;

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT public.by_body(u.*) AS x
   FROM public.users u;
