-- drop view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
DROP VIEW "public"."v";

-- change column "a" of "t": type public.citext to text
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE text;

-- drop composite type "public"."c"
-- lock: ACCESS EXCLUSIVE on composite type "public"."c"
DROP TYPE "public"."c";

-- drop domain "public"."d"
-- lock: ACCESS EXCLUSIVE on domain "public"."d"
DROP DOMAIN "public"."d";

-- drop function "public"."f"(public.citext)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(public.citext)
DROP FUNCTION "public"."f"(public.citext);

-- drop extension "citext"
-- hazard: extension "citext" is lost with what it holds
DROP EXTENSION "citext";

-- drop extension "hstore"
-- hazard: extension "hstore" is lost with what it holds
DROP EXTENSION "hstore";

-- drop schema "s"
-- lock: ACCESS EXCLUSIVE on schema "s"
DROP SCHEMA "s";
