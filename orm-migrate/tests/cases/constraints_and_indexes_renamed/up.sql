-- rename primary key "old_key" of "t" to "new_key"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" RENAME CONSTRAINT "old_key" TO "new_key";

-- rename unique constraint "old_unique" of "t" to "new_unique"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" RENAME CONSTRAINT "old_unique" TO "new_unique";

-- rename foreign key "old_reference" of "t" to "new_reference"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" RENAME CONSTRAINT "old_reference" TO "new_reference";

-- rename check "old_check" of "t" to "new_check"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" RENAME CONSTRAINT "old_check" TO "new_check";

-- rename index "old_index" of "t" to "new_index"
ALTER INDEX "public"."old_index" RENAME TO "new_index";
