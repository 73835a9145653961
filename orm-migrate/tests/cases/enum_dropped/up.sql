-- drop column "feels" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: the values of column "feels" of table "t" are lost
ALTER TABLE "public"."t" DROP COLUMN "feels";

-- drop enum "public"."mood"
-- lock: ACCESS EXCLUSIVE on enum "public"."mood"
DROP TYPE "public"."mood";
