-- drop check "c" of "r"
-- lock: ACCESS EXCLUSIVE on "r"
ALTER TABLE "public"."r" DROP CONSTRAINT "c";

-- drop function "public"."whole"(public.r)
-- lock: ACCESS EXCLUSIVE on function "public"."whole"(public.r)
DROP FUNCTION "public"."whole"(public.r);

-- drop table "r"
-- lock: ACCESS EXCLUSIVE on "r"
-- hazard: all rows of table "r" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."r";

-- create function "public"."g"()
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."g"() RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

-- create table "r" (2 columns)
CREATE TABLE "public"."r" (
    "a" integer,
    "b" integer
) PARTITION BY LIST (a);

-- create function "public"."whole"(public.r)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."whole"(x public.r) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT (x).a > 0$function$;

-- create table "t" (2 columns)
CREATE TABLE "public"."t" (
    "a" integer,
    "b" text
);

-- create table "u" (1 columns)
CREATE TABLE "public"."u" (
    "a" integer
);

-- create function "public"."chk"(public.u)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."chk"(x public.u) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT (x).a > 0$function$;

-- create table "w" (1 columns)
CREATE TABLE "public"."w" (
    "a" integer
);

-- create function "public"."is_new"(public.w)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."is_new"(x public.w) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT (x).a > 0$function$;

-- add check "c" to "r"
ALTER TABLE "public"."r" ADD CONSTRAINT "c" CHECK (public.whole(r.*));

-- add check "c" to "u"
ALTER TABLE "public"."u" ADD CONSTRAINT "c" CHECK (public.chk(u.*));

-- add trigger "tr" to "w"
CREATE TRIGGER "tr" BEFORE INSERT ON "public"."w" FOR EACH ROW WHEN (public.is_new(new.*)) EXECUTE FUNCTION public.g();

-- add policy "p" to "w"
CREATE POLICY "p" ON "public"."w" USING (public.is_new(w.*));

-- create function "public"."next_a"()
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."next_a"() RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(*) AS count
    FROM public.t;
END;

-- change column "a" of "t": set default public.next_a()
ALTER TABLE "public"."t" ALTER COLUMN "a" SET DEFAULT public.next_a();
