-- change function "public"."cheap"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."cheap"(integer) (on PostgreSQL 15.20, not on 15.18)
CREATE OR REPLACE FUNCTION "public"."cheap"(a integer) RETURNS integer
 LANGUAGE sql
 IMMUTABLE COST 7
AS $function$SELECT $1$function$;

-- change function "public"."f"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(integer) (on PostgreSQL 15.20, not on 15.18)
-- hazard: index "apart" of "t" stores what the old body of function "public"."f"(integer) computed: queries that use the index and queries that read the table give different rows
-- hazard: index "i" of "t" stores what the old body of function "public"."f"(integer) computed: queries that use the index and queries that read the table give different rows
-- hazard: index "through_text" of "t" stores what the old body of function "public"."f"(integer) computed: queries that use the index and queries that read the table give different rows
-- hazard: index "through_body" of "t" stores what the old body of function "public"."f"(integer) computed: queries that use the index and queries that read the table give different rows
-- hazard: index "pi" of "p" stores what the old body of function "public"."f"(integer) computed: queries that use the index and queries that read the table give different rows
-- hazard: column "g" of table "t" stores what the old body of function "public"."f"(integer) computed, until each row is updated
-- hazard: the rows of table "t" satisfied check "small" by the old body of function "public"."f"(integer), and are not checked again
-- hazard: materialized view "m" stores what the old body of function "public"."f"(integer) computed, until it is refreshed
-- hazard: materialized view "mm" stores what the old body of function "public"."f"(integer) computed, until it is refreshed
CREATE OR REPLACE FUNCTION "public"."f"(a integer) RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1 % 7$function$;

-- change function "public"."is_short"(text)
-- lock: ACCESS EXCLUSIVE on function "public"."is_short"(text) (on PostgreSQL 15.20, not on 15.18)
-- hazard: the values of domain "short" satisfied check "short_check" by the old body of function "public"."is_short"(text), and are not checked again
CREATE OR REPLACE FUNCTION "public"."is_short"(a text) RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT length($1) < 9$function$;
