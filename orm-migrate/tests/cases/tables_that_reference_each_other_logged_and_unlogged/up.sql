-- drop foreign key "c_x_fkey" of "c"
-- lock: ACCESS EXCLUSIVE on "c"
-- lock: ACCESS EXCLUSIVE on "d"
ALTER TABLE "public"."c" DROP CONSTRAINT "c_x_fkey";

-- drop foreign key "d_x_fkey" of "d"
-- lock: ACCESS EXCLUSIVE on "d"
-- lock: ACCESS EXCLUSIVE on "c"
ALTER TABLE "public"."d" DROP CONSTRAINT "d_x_fkey";

-- make "b" unlogged
-- lock: ACCESS EXCLUSIVE on "b"
-- cost: writes "b" and its indexes anew
-- hazard: table "b" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."b" SET UNLOGGED;

-- make "a" unlogged
-- lock: ACCESS EXCLUSIVE on "a"
-- cost: writes "a" and its indexes anew
-- hazard: table "a" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."a" SET UNLOGGED;

-- make "c" unlogged
-- lock: ACCESS EXCLUSIVE on "c"
-- cost: writes "c" and its indexes anew
-- hazard: table "c" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."c" SET UNLOGGED;

-- make "d" unlogged
-- lock: ACCESS EXCLUSIVE on "d"
-- cost: writes "d" and its indexes anew
-- hazard: table "d" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."d" SET UNLOGGED;

-- make "z" logged
-- lock: ACCESS EXCLUSIVE on "z"
-- cost: writes "z" and its indexes anew
-- hazard: table "z" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."z" SET LOGGED;

-- make "y" logged
-- lock: ACCESS EXCLUSIVE on "y"
-- cost: writes "y" and its indexes anew
-- hazard: table "y" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."y" SET LOGGED;

-- add foreign key "c_x_fkey" to "c"
-- lock: SHARE ROW EXCLUSIVE on "c"
-- lock: SHARE ROW EXCLUSIVE on "d"
-- cost: reads every row of "c"
-- hazard: it fails if a row of "c" has no match by foreign key "c_x_fkey"
-- hazard: nobody can write "c" or "d" while every row of "c" is checked
ALTER TABLE "public"."c" ADD CONSTRAINT "c_x_fkey" FOREIGN KEY ("x") REFERENCES "public"."d" ("id");

-- add foreign key "d_x_fkey" to "d"
-- lock: SHARE ROW EXCLUSIVE on "d"
-- lock: SHARE ROW EXCLUSIVE on "c"
-- cost: reads every row of "d"
-- hazard: it fails if a row of "d" has no match by foreign key "d_x_fkey"
-- hazard: nobody can write "d" or "c" while every row of "d" is checked
ALTER TABLE "public"."d" ADD CONSTRAINT "d_x_fkey" FOREIGN KEY ("x") REFERENCES "public"."c" ("id");
