-- drop materialized view "public"."m"
-- lock: ACCESS EXCLUSIVE on "m"
DROP MATERIALIZED VIEW "public"."m";

-- create materialized view "public"."m"
-- hazard: materialized view "m" is made again: the rows that it holds go, its query runs anew, and nobody can read it or write what was changed under it meanwhile
CREATE MATERIALIZED VIEW "public"."m" AS
SELECT id,
    email
   FROM public."user";
CREATE UNIQUE INDEX "mi" ON "public"."m" USING btree ("id");
