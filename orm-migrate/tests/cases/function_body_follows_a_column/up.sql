-- drop function "public"."f"(public.t)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(public.t)
DROP FUNCTION "public"."f"(public.t);

-- drop function "public"."g"()
-- lock: ACCESS EXCLUSIVE on function "public"."g"()
DROP FUNCTION "public"."g"();

-- drop column "b" of "t"
-- add column "c" integer to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: the values of column "b" of table "t" are lost
ALTER TABLE "public"."t"
    DROP COLUMN "b",
    ADD COLUMN "c" integer;

-- create function "public"."f"(public.t)
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."f"(public.t) RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT ($1).c AS c;
END;

-- create function "public"."g"()
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION "public"."g"() RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT t.c
    FROM public.t;
END;

-- add column "c" integer to "u"
-- lock: ACCESS EXCLUSIVE on "u"
ALTER TABLE "public"."u" ADD COLUMN "c" integer;

-- change function "public"."h"(public.u)
-- lock: ACCESS EXCLUSIVE on function "public"."h"(public.u) (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."h"(public.u) RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT ($1).c AS c;
END;
