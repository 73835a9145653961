-- drop view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
DROP VIEW "public"."v";

-- drop column "b" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: the values of column "b" of table "t" are lost
ALTER TABLE "public"."t" DROP COLUMN "b";

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT a
   FROM public.t;
