-- change function "public"."cheap"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."cheap"(integer) (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."cheap"(a integer) RETURNS integer
 LANGUAGE sql
 IMMUTABLE COST 7
AS $function$SELECT $1$function$;

-- change function "public"."f"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(integer) (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."f"(a integer) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1 % 7$function$;

-- change function "public"."is_short"(text)
-- lock: ACCESS EXCLUSIVE on function "public"."is_short"(text) (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."is_short"(a text) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT length($1) < 9$function$;

-- build index "i" of "t" again
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: no session can write "t" or read it by index "i" while the index is built
REINDEX INDEX "public"."i";

-- build index "through_body" of "t" again
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: no session can write "t" or read it by index "through_body" while the index is built
REINDEX INDEX "public"."through_body";

-- build index "through_text" of "t" again
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: no session can write "t" or read it by index "through_text" while the index is built
REINDEX INDEX "public"."through_text";

-- build index "apart" of "t" again
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" have the same key in index "apart"
-- hazard: no session can write "t" or read it by index "apart" while the index is built
REINDEX INDEX "public"."apart";

-- orm:segment autocommit
-- build index "pi" of "p" again
-- lock: SHARE on "p"
-- cost: reads every row of "p" to build an index
-- hazard: no session can write "p" or read it by index "pi" while the index is built
REINDEX INDEX "public"."pi";

-- orm:segment transaction
-- compute column "g" of "t" again where it differs
-- lock: ROW EXCLUSIVE on "t"
-- cost: reads every row of "t" and writes those that differ
UPDATE "public"."t" SET "a" = "a" WHERE "g"::text IS DISTINCT FROM ((public.f(a))::integer)::text;

-- drop check "small" of "t"
-- add check "small" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" does not satisfy check "small"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t"
    DROP CONSTRAINT "small",
    ADD CONSTRAINT "small" CHECK ((public.f(a) < 100));

-- say again what was said of check "small" of "t"
-- lock: SHARE UPDATE EXCLUSIVE on "t"
COMMENT ON CONSTRAINT small ON public.t IS 'by f';

-- add check "short_check" of domain "short" again
-- lock: SHARE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a value in "t" does not satisfy check public.is_short(VALUE)
-- hazard: no session can write "t" while every row is checked
ALTER DOMAIN "public"."short" DROP CONSTRAINT "short_check";
ALTER DOMAIN "public"."short" ADD CONSTRAINT "short_check" CHECK (public.is_short(VALUE));

-- refresh materialized view "m"
-- lock: ACCESS EXCLUSIVE on "m"
-- cost: writes "m" and its indexes anew
-- hazard: no session can read "m" while its query runs
REFRESH MATERIALIZED VIEW "public"."m";

-- refresh materialized view "mm"
-- lock: ACCESS EXCLUSIVE on "mm"
-- cost: writes "mm" and its indexes anew
-- hazard: no session can read "mm" while its query runs
REFRESH MATERIALIZED VIEW "public"."mm";
