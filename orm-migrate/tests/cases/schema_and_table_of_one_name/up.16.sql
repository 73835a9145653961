-- create schema "person"
CREATE SCHEMA IF NOT EXISTS "person";

-- create table "person"."person" (1 columns)
CREATE TABLE "person"."person" (
    "id" integer NOT NULL,
    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- create table "b" (1 columns)
CREATE TABLE "public"."b" (
    "id" integer
);

-- add foreign key "b_id_fkey" to "b"
ALTER TABLE "public"."b" ADD CONSTRAINT "b_id_fkey" FOREIGN KEY ("id") REFERENCES "person"."person" ("id");

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT id
   FROM public.b;
