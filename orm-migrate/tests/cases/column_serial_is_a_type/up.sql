-- change column "a" of "t": type integer to serial
-- lock: ACCESS EXCLUSIVE on "t"
CREATE SEQUENCE IF NOT EXISTS "public"."t_a_seq" AS integer OWNED BY "public"."t"."a";
ALTER TABLE "public"."t" ALTER COLUMN "a" SET DEFAULT nextval('"public"."t_a_seq"');
SELECT setval('"public"."t_a_seq"', greatest(max("a") + 1, 1), false) FROM "public"."t";
