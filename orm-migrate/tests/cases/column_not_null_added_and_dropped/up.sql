-- change column "a" of "t": set NOT NULL
-- change column "b" of "t": drop NOT NULL
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" has NULL in column "a"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t"
    ALTER COLUMN "a" SET NOT NULL,
    ALTER COLUMN "b" DROP NOT NULL;
