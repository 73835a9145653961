-- change column "id" of "t": set NOT NULL
-- add primary key "t_pkey" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if a row of "t" has NULL in column "id"
-- hazard: nobody can read or write "t" while every row is checked
-- hazard: it fails if rows of "t" have the same key
-- hazard: nobody can read or write "t" while its index is built
ALTER TABLE "public"."t"
    ALTER COLUMN "id" SET NOT NULL,
    ADD CONSTRAINT "t_pkey" PRIMARY KEY ("id");
