-- rename column "a" of "t" to "orm_rename_0"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: programs that run meanwhile and still say column "a" of "t" find another one there from then on
ALTER TABLE "public"."t" RENAME COLUMN "a" TO "orm_rename_0";

-- rename column "b" of "t" to "a"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: programs that run meanwhile and still say column "b" of "t" find another one there from then on
ALTER TABLE "public"."t" RENAME COLUMN "b" TO "a";

-- rename column "orm_rename_0" of "t" to "b"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" RENAME COLUMN "orm_rename_0" TO "b";
