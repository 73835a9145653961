-- create schema "other"
CREATE SCHEMA IF NOT EXISTS "other";

-- drop domain "public"."d"
-- lock: ACCESS EXCLUSIVE on domain "public"."d"
DROP DOMAIN "public"."d";

-- drop enum "public"."e"
-- lock: ACCESS EXCLUSIVE on enum "public"."e"
DROP TYPE "public"."e";

-- drop domain "public"."o"
-- lock: ACCESS EXCLUSIVE on domain "public"."o"
DROP DOMAIN "public"."o";

-- drop function "public"."ok"(text)
-- lock: ACCESS EXCLUSIVE on function "public"."ok"(text)
DROP FUNCTION "public"."ok"(text);
