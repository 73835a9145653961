-- drop foreign key "n_p_fkey" of "n"
-- lock: ACCESS EXCLUSIVE on "n"
-- lock: ACCESS EXCLUSIVE on "p"
ALTER TABLE "public"."n" DROP CONSTRAINT "n_p_fkey";

-- drop primary key "o_pkey" of "o"
-- lock: ACCESS EXCLUSIVE on "o"
ALTER TABLE "public"."o" DROP CONSTRAINT "o_pkey";

-- drop primary key "p_pkey" of "p"
-- lock: ACCESS EXCLUSIVE on "p"
ALTER TABLE "public"."p" DROP CONSTRAINT "p_pkey";

-- add primary key "o_pkey" to "o"
-- lock: ACCESS EXCLUSIVE on "o"
-- cost: reads every row of "o" to build an index
-- hazard: it fails if rows of "o" have the same key
-- hazard: nobody can read or write "o" while its index is built
ALTER TABLE "public"."o" ADD CONSTRAINT "o_pkey" PRIMARY KEY ("id", "slug");

-- add primary key "p_pkey" to "p"
-- lock: ACCESS EXCLUSIVE on "p"
-- cost: reads every row of "p" to build an index
-- hazard: it fails if rows of "p" have the same key
-- hazard: nobody can read or write "p" while its index is built
ALTER TABLE "public"."p" ADD CONSTRAINT "p_pkey" PRIMARY KEY ("id", "slug");

-- add foreign key "n_p_fkey" to "n"
-- lock: SHARE ROW EXCLUSIVE on "n"
-- lock: SHARE ROW EXCLUSIVE on "p"
-- cost: reads every row of "n"
-- hazard: it fails if a row of "n" has no match by foreign key "n_p_fkey"
-- hazard: nobody can write "n" or "p" while every row of "n" is checked
ALTER TABLE "public"."n" ADD CONSTRAINT "n_p_fkey" FOREIGN KEY ("p") REFERENCES "public"."p" ("id");
