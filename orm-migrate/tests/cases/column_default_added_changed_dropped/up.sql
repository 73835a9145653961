-- change column "a" of "t": set default 1
-- change column "b" of "t": set default 2
-- change column "c" of "t": drop default
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t"
    ALTER COLUMN "a" SET DEFAULT 1,
    ALTER COLUMN "b" SET DEFAULT 2,
    ALTER COLUMN "c" DROP DEFAULT;
