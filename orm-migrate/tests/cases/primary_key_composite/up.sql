-- drop primary key "t_pkey" of "t"
-- add primary key "t_pkey" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" have the same key
-- hazard: nobody can read or write "t" while its index is built
ALTER TABLE "public"."t"
    DROP CONSTRAINT "t_pkey",
    ADD CONSTRAINT "t_pkey" PRIMARY KEY ("a", "b");
