-- drop table "shop"."item"
-- lock: ACCESS EXCLUSIVE on "shop"."item"
-- hazard: all rows of table "shop"."item" are lost
DROP TABLE "shop"."item";

-- drop schema "shop"
-- lock: ACCESS EXCLUSIVE on schema "shop"
DROP SCHEMA "shop";
