-- create domain "public"."c"
CREATE DOMAIN "public"."c" AS integer;

-- change domain "public"."a"
-- lock: SHARE on "t"
-- lock: ACCESS EXCLUSIVE on domain "public"."a" (on PostgreSQL 15.20, not on 15.18)
-- cost: reads every row of "t"
-- hazard: it fails if a value in column "a" of table "t" does not satisfy (length(VALUE) < 9) and NOT NULL
-- hazard: nobody can write "t" while every row is checked
ALTER DOMAIN "public"."a" SET DEFAULT 'x'::text;
ALTER DOMAIN "public"."a" SET NOT NULL;
ALTER DOMAIN "public"."a" ADD CONSTRAINT "a_check" CHECK ((length(VALUE) < 9));

-- change column "b" of "t": type public.b to integer
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ALTER COLUMN "b" TYPE integer USING "b"::integer;

-- drop domain "public"."b"
-- lock: ACCESS EXCLUSIVE on domain "public"."b"
DROP DOMAIN "public"."b";
