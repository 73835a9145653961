-- drop column "name" of "user"
-- lock: ACCESS EXCLUSIVE on "user"
-- hazard: the values of column "name" of table "user" are lost
ALTER TABLE "public"."user" DROP COLUMN "name";
