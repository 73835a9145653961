-- drop view "public"."emails"
-- lock: ACCESS EXCLUSIVE on "emails"
DROP VIEW "public"."emails";

-- change column "email" of "user": type text to character varying(99)
-- lock: ACCESS EXCLUSIVE on "user"
-- cost: writes "user" and its indexes anew
-- hazard: table "user" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "email" cannot become character varying(99)
ALTER TABLE "public"."user" ALTER COLUMN "email" TYPE character varying(99);

-- create view "public"."emails"
CREATE VIEW "public"."emails" AS
SELECT email
   FROM public."user";
COMMENT ON VIEW "public"."emails" IS 'of all';
