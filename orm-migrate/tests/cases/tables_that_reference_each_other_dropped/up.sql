-- drop foreign key "a_b_id_fkey" of "a"
-- lock: ACCESS EXCLUSIVE on "a"
-- lock: ACCESS EXCLUSIVE on "b"
ALTER TABLE "public"."a" DROP CONSTRAINT "a_b_id_fkey";

-- drop foreign key "b_a_id_fkey" of "b"
-- lock: ACCESS EXCLUSIVE on "b"
-- lock: ACCESS EXCLUSIVE on "a"
ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_id_fkey";

-- drop table "a"
-- lock: ACCESS EXCLUSIVE on "a"
-- hazard: all rows of table "a" are lost
DROP TABLE "public"."a";

-- drop table "b"
-- lock: ACCESS EXCLUSIVE on "b"
-- hazard: all rows of table "b" are lost
DROP TABLE "public"."b";
