-- change column "a" of "t": set identity
-- change column "b" of "t": drop identity
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t"
    ALTER COLUMN "a" ADD GENERATED ALWAYS AS IDENTITY,
    ALTER COLUMN "b" DROP IDENTITY;
SELECT setval(pg_get_serial_sequence('"public"."t"', 'a'), greatest(max("a") + 1, 1), false) FROM "public"."t";
