-- drop foreign key "b_a_id_fkey" of "b"
-- lock: ACCESS EXCLUSIVE on "b"
-- lock: ACCESS EXCLUSIVE on "a"
ALTER TABLE "public"."b" DROP CONSTRAINT "b_a_id_fkey";

-- drop primary key "a_pkey" of "a"
-- drop unique constraint "a_code_key" of "a"
-- add primary key "a_pkey" to "a"
-- add unique constraint "a_id_key" to "a"
-- lock: ACCESS EXCLUSIVE on "a"
-- cost: reads every row of "a" to build an index
-- hazard: it fails if rows of "a" have the same key
-- hazard: nobody can read or write "a" while its index is built
ALTER TABLE "public"."a"
    DROP CONSTRAINT "a_pkey",
    DROP CONSTRAINT "a_code_key",
    ADD CONSTRAINT "a_pkey" PRIMARY KEY ("code"),
    ADD CONSTRAINT "a_id_key" UNIQUE ("id");

-- add foreign key "b_a_id_fkey" to "b"
-- lock: SHARE ROW EXCLUSIVE on "b"
-- lock: SHARE ROW EXCLUSIVE on "a"
-- cost: reads every row of "b"
-- hazard: it fails if a row of "b" has no match by foreign key "b_a_id_fkey"
-- hazard: nobody can write "b" or "a" while every row of "b" is checked
ALTER TABLE "public"."b" ADD CONSTRAINT "b_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "public"."a" ("id");
