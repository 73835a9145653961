-- create enum "public"."mood"
CREATE TYPE "public"."mood" AS ENUM ('sad', 'ok');

-- create table "t" (2 columns)
CREATE TABLE "public"."t" (
    "id" integer,
    "feels" public.mood DEFAULT 'ok'::public.mood
);
