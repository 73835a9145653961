-- drop view "public"."a"
-- lock: ACCESS EXCLUSIVE on "a"
DROP VIEW "public"."a";

-- create view "public"."a"
CREATE VIEW "public"."a" AS
SELECT email
   FROM public."user";
COMMENT ON VIEW "public"."a" IS 'kept';
GRANT SELECT ON public.a TO PUBLIC;
