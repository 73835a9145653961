-- change enum "public"."e"
-- lock: EXCLUSIVE on enum "public"."e"
-- form: a new value can be used when the transaction that adds it is over
ALTER TYPE "public"."e" ADD VALUE 'c' AFTER 'b';
ALTER TYPE "public"."e" ADD VALUE 'g' AFTER 'c';

-- orm:segment transaction
-- change domain "public"."d"
-- lock: SHARE on "t"
-- lock: ACCESS EXCLUSIVE on domain "public"."d" (on PostgreSQL 15.20, not on 15.18)
-- cost: reads every row of "t"
-- hazard: it fails if a value in column "a" of table "t" does not satisfy (VALUE <> 'c'::public.e)
-- hazard: nobody can write "t" while every row is checked
ALTER DOMAIN "public"."d" DROP CONSTRAINT "d_check";
ALTER DOMAIN "public"."d" ADD CONSTRAINT "d_check" CHECK ((VALUE <> 'c'::public.e));

-- change function "public"."f"(public.e)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(public.e) (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."f"(x public.e) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
BEGIN ATOMIC
 SELECT (x = 'g'::public.e);
END;
