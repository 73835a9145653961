-- drop view "public"."a"
-- lock: ACCESS EXCLUSIVE on "a"
DROP VIEW "public"."a";

-- drop view "public"."gone"
-- lock: ACCESS EXCLUSIVE on "gone"
DROP VIEW "public"."gone";

-- create view "public"."a"
CREATE VIEW "public"."a" AS
SELECT id,
    email
   FROM public."user";

-- create view "public"."b"
CREATE VIEW "public"."b" WITH (security_barrier=true) AS
SELECT id
   FROM public.a;
