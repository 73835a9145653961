-- create schema "other"
CREATE SCHEMA IF NOT EXISTS "other";

-- drop domain "public"."d"
DROP DOMAIN "public"."d";

-- drop enum "public"."e"
DROP TYPE "public"."e";

-- drop domain "public"."o"
DROP DOMAIN "public"."o";

-- drop function "public"."ok"(text)
DROP FUNCTION "public"."ok"(text);
