-- change column "b" of "t": generation expression
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ALTER COLUMN "b" DROP EXPRESSION;
