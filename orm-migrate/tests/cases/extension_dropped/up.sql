-- drop column "s" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: the values of column "s" of table "t" are lost
ALTER TABLE "public"."t" DROP COLUMN "s";

-- drop extension "citext"
-- hazard: extension "citext" is lost with what it holds
DROP EXTENSION "citext";
