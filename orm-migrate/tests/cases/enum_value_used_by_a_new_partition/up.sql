-- change enum "public"."e"
-- lock: EXCLUSIVE on enum "public"."e"
-- form: a new value can be used when the transaction that adds it is over
ALTER TYPE "public"."e" ADD VALUE 'd' AFTER 'b';

-- orm:segment transaction
-- create table "p1" (1 columns)
-- lock: ACCESS EXCLUSIVE on "p"
CREATE TABLE "public"."p1" PARTITION OF "public"."p" FOR VALUES IN ('d');
