-- create table "both_set" (1 columns)
CREATE TABLE "public"."both_set" (
    "id" integer
);

-- create table "t" (1 columns)
CREATE TABLE "public"."t" (
    "id" integer
);

-- enable row security of "both_set"
ALTER TABLE "public"."both_set"
    ENABLE ROW LEVEL SECURITY,
    FORCE ROW LEVEL SECURITY;

-- force row security of "old_one" on its owner
-- lock: ACCESS EXCLUSIVE on "old_one"
ALTER TABLE "public"."old_one" FORCE ROW LEVEL SECURITY;

-- no longer force row security of "other" on its owner
-- lock: ACCESS EXCLUSIVE on "other"
ALTER TABLE "public"."other" NO FORCE ROW LEVEL SECURITY;

-- force row security of "t" on its owner
ALTER TABLE "public"."t" FORCE ROW LEVEL SECURITY;
