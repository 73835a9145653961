-- create schema "shop"
CREATE SCHEMA IF NOT EXISTS "shop";

-- create table "shop"."item" (1 columns)
CREATE TABLE "shop"."item" (
    "id" bigint NOT NULL,
    CONSTRAINT "item_pkey" PRIMARY KEY ("id")
);
