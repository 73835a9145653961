-- create sequence "public"."c"
CREATE SEQUENCE "public"."c" AS bigint START WITH 100;

-- change sequence "public"."a"
SELECT setval('"public"."a"', least(last_value, 2147483647), is_called OR last_value > 2147483647) FROM "public"."a";
ALTER SEQUENCE "public"."a" AS integer INCREMENT BY 5 MINVALUE -10 MAXVALUE 2147483647 START WITH -10 CACHE 1 CYCLE;

-- drop sequence "public"."b"
-- hazard: sequence "public"."b" is lost with what it holds
DROP SEQUENCE "public"."b";
