-- drop foreign key "c_x_fkey" of "c"
-- lock: ACCESS EXCLUSIVE on "c"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."c" DROP CONSTRAINT "c_x_fkey";

-- drop foreign key "d_x_fkey" of "d"
-- lock: ACCESS EXCLUSIVE on "d"
-- lock: ACCESS EXCLUSIVE on "s"
-- lock: ACCESS EXCLUSIVE on "s1"
ALTER TABLE "public"."d" DROP CONSTRAINT "d_x_fkey";

-- drop foreign key "t_up_fkey" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" DROP CONSTRAINT "t_up_fkey";

-- drop table "s1"
-- lock: ACCESS EXCLUSIVE on "s1"
-- hazard: all rows of table "s1" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."s1";

-- drop table "s"
-- lock: ACCESS EXCLUSIVE on "s"
-- hazard: all rows of table "s" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."s";

-- drop table "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: all rows of table "t" are lost: PostgreSQL does not divide the rows of a table otherwise than before, so that the table is made anew, without rows
DROP TABLE "public"."t";

-- create table "s" (1 columns)
CREATE TABLE "public"."s" (
    "id" integer NOT NULL,
    CONSTRAINT "s_pkey" PRIMARY KEY ("id")
) PARTITION BY HASH (id);

-- create table "t" (2 columns)
CREATE TABLE "public"."t" (
    "id" integer NOT NULL,
    "up" integer,
    CONSTRAINT "t_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE (id);

-- create table "s1" (1 columns)
CREATE TABLE "public"."s1" PARTITION OF "public"."s" FOR VALUES WITH (modulus 1, remainder 0);

-- add foreign key "c_x_fkey" to "c"
-- lock: SHARE ROW EXCLUSIVE on "c"
-- cost: reads every row of "c"
-- hazard: it fails if a row of "c" has no match by foreign key "c_x_fkey"
-- hazard: nobody can write "c" or "t" while every row of "c" is checked
ALTER TABLE "public"."c" ADD CONSTRAINT "c_x_fkey" FOREIGN KEY ("x") REFERENCES "public"."t" ("id");

-- add foreign key "d_x_fkey" to "d"
-- lock: SHARE ROW EXCLUSIVE on "d"
-- cost: reads every row of "d"
-- hazard: it fails if a row of "d" has no match by foreign key "d_x_fkey"
-- hazard: nobody can write "d" or "s" while every row of "d" is checked
ALTER TABLE "public"."d" ADD CONSTRAINT "d_x_fkey" FOREIGN KEY ("x") REFERENCES "public"."s" ("id");

-- add foreign key "t_up_fkey" to "t"
ALTER TABLE "public"."t" ADD CONSTRAINT "t_up_fkey" FOREIGN KEY ("up") REFERENCES "public"."t" ("id");
