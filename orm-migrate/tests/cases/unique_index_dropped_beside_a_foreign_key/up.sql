-- drop unique index "again" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
-- hazard: unique index "again" of "o" is dropped: queries that use it read the whole table from then on, and rows may have the same key
DROP INDEX "public"."again";

-- drop unique index "expression" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
-- hazard: unique index "expression" of "o" is dropped: queries that use it read the whole table from then on, and rows may have the same key
DROP INDEX "public"."expression";

-- drop unique index "partial" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
-- hazard: unique index "partial" of "o" is dropped: queries that use it read the whole table from then on, and rows may have the same key
DROP INDEX "public"."partial";

-- drop unique index "u" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
-- hazard: unique index "u" of "o" is dropped: queries that use it read the whole table from then on, and rows may have the same key
DROP INDEX "public"."u";

-- drop unique constraint "later" of "o"
-- drop unique constraint "o_code_key" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
-- hazard: unique constraint "later" of "o" is dropped with its index: queries that use it read the whole table from then on, and rows may have the same key
-- hazard: unique constraint "o_code_key" of "o" is dropped with its index: queries that use it read the whole table from then on, and rows may have the same key
ALTER TABLE "public"."o"
    DROP CONSTRAINT "later",
    DROP CONSTRAINT "o_code_key";
