-- create schema "ext"
CREATE SCHEMA IF NOT EXISTS "ext";

-- create extension "citext"
CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA "ext" VERSION '1.8';

-- change column "a" of "t": type text to ext.citext
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "a" cannot become ext.citext
ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE ext.citext USING "a"::ext.citext;
