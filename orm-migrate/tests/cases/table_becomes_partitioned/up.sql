-- drop foreign key "t_b_fkey" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: ACCESS EXCLUSIVE on "other"
ALTER TABLE "public"."t" DROP CONSTRAINT "t_b_fkey";

-- drop table "l1"
-- lock: ACCESS EXCLUSIVE on "l1"
-- hazard: all rows of table "l1" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."l1";

-- drop table "l"
-- lock: ACCESS EXCLUSIVE on "l"
-- hazard: all rows of table "l" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."l";

-- drop table "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: all rows of table "t" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."t";

-- create table "l" (2 columns)
CREATE TABLE "public"."l" (
    "a" integer,
    "b" integer
) PARTITION BY LIST (b);

-- create table "t" (2 columns)
CREATE TABLE "public"."t" (
    "a" integer,
    "b" integer
) PARTITION BY RANGE (a);

-- create table "l1" (2 columns)
CREATE TABLE "public"."l1" PARTITION OF "public"."l" FOR VALUES IN (1);

-- add foreign key "t_b_fkey" to "t"
-- lock: SHARE ROW EXCLUSIVE on "other"
ALTER TABLE "public"."t" ADD CONSTRAINT "t_b_fkey" FOREIGN KEY ("b") REFERENCES "public"."other" ("id");
