-- create table "t" (2 columns)
CREATE TABLE "public"."t" (
    "id" integer,
    "at" date
) PARTITION BY RANGE (at);
CREATE INDEX "i" ON "public"."t" USING btree ("id");

-- create table "t_26" (2 columns)
CREATE TABLE "public"."t_26" PARTITION OF "public"."t" FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- create table "t_rest" (2 columns)
CREATE TABLE "public"."t_rest" PARTITION OF "public"."t" DEFAULT;
