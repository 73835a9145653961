-- create materialized view "public"."m"
CREATE MATERIALIZED VIEW "public"."m" AS
SELECT id,
    email
   FROM public."user";
CREATE UNIQUE INDEX "mi" ON "public"."m" USING btree ("id");
