-- create schema "auth"
CREATE SCHEMA IF NOT EXISTS "auth";

-- move table "account" to schema "auth"
-- lock: ACCESS EXCLUSIVE on "account"
-- hazard: programs that run meanwhile and still say table "account" fail from then on
ALTER TABLE "public"."account" SET SCHEMA "auth";
