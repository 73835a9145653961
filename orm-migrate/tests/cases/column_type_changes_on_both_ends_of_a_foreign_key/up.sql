-- drop foreign key "b_a_id_fkey" of "b"
-- lock: ACCESS EXCLUSIVE on "b"
-- lock: ACCESS EXCLUSIVE on "a"
ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_id_fkey";

-- change column "id" of "a": type integer to bigint
-- lock: ACCESS EXCLUSIVE on "a"
-- cost: writes "a" and its indexes anew
-- hazard: table "a" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."a" ALTER COLUMN "id" TYPE bigint;

-- change column "a_id" of "b": type integer to bigint
-- lock: ACCESS EXCLUSIVE on "b"
-- cost: writes "b" and its indexes anew
-- hazard: table "b" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."b" ALTER COLUMN "a_id" TYPE bigint;

-- add foreign key "b_a_id_fkey" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: it fails if a row of "b" has no match by foreign key "b_a_id_fkey"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked
ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id");
