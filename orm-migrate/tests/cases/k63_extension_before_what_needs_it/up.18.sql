-- create extension "citext"
CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA "public" VERSION '1.8';

-- create table "t" (1 columns)
CREATE TABLE "public"."t" (
    "s" public.citext NOT NULL,
    CONSTRAINT "t_pkey" PRIMARY KEY ("s")
);
