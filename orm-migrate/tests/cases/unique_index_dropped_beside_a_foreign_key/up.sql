-- drop unique index "again" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
DROP INDEX "public"."again";

-- drop unique index "expression" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
DROP INDEX "public"."expression";

-- drop unique index "partial" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
DROP INDEX "public"."partial";

-- drop unique index "u" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
DROP INDEX "public"."u";

-- drop unique constraint "later" of "o"
-- drop unique constraint "o_code_key" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
ALTER TABLE "public"."o"
    DROP CONSTRAINT "later",
    DROP CONSTRAINT "o_code_key";
