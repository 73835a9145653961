-- change sequence "public"."narrowed"
SELECT setval('"public"."narrowed"', least(last_value, 100), is_called OR last_value > 100) FROM "public"."narrowed";
ALTER SEQUENCE "public"."narrowed" AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE 100 START WITH 1 CACHE 1 NO CYCLE;

-- change sequence "public"."narrowed_below"
SELECT setval('"public"."narrowed_below"', greatest(last_value, -100), is_called OR last_value < -100) FROM "public"."narrowed_below";
ALTER SEQUENCE "public"."narrowed_below" AS bigint INCREMENT BY -1 MINVALUE -100 MAXVALUE -1 START WITH -1 CACHE 1 NO CYCLE;

-- change sequence "public"."raised"
SELECT setval('"public"."raised"', greatest(last_value, 50), is_called AND last_value >= 50) FROM "public"."raised";
ALTER SEQUENCE "public"."raised" AS bigint INCREMENT BY 1 MINVALUE 50 MAXVALUE 9223372036854775807 START WITH 50 CACHE 1 NO CYCLE;

-- change sequence "public"."turned"
ALTER SEQUENCE "public"."turned" AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 20 CACHE 1 NO CYCLE RESTART;

-- change sequence "public"."typed"
SELECT setval('"public"."typed"', least(last_value, 32767), is_called OR last_value > 32767) FROM "public"."typed";
ALTER SEQUENCE "public"."typed" AS smallint INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1 NO CYCLE;
