-- create materialized view "public"."m"
CREATE MATERIALIZED VIEW "public"."m" AS
SELECT "user".id,
    "user".email
   FROM public."user";
CREATE UNIQUE INDEX "mi" ON "public"."m" USING btree ("id");
