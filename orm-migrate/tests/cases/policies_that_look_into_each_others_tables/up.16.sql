-- create table "u" (1 columns)
CREATE TABLE "public"."u" (
    "x" integer
);

-- create table "w" (1 columns)
CREATE TABLE "public"."w" (
    "y" integer
);

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT x
   FROM public.u;

-- add policy "p" to "u"
CREATE POLICY "p" ON "public"."u" USING ((EXISTS ( SELECT
   FROM public.w)));

-- add policy "r" to "u"
CREATE POLICY "r" ON "public"."u" USING ((EXISTS ( SELECT
   FROM public.v)));

-- add policy "q" to "w"
CREATE POLICY "q" ON "public"."w" USING ((EXISTS ( SELECT
   FROM public.u)));
