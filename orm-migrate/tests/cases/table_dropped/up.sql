-- drop table "user"
-- lock: ACCESS EXCLUSIVE on "user"
-- hazard: all rows of table "user" are lost
DROP TABLE "public"."user";
