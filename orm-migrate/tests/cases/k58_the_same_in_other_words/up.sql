-- drop check "t_c_check" of "t"
-- change column "a" of "t": set default CURRENT_TIMESTAMP
-- change column "b" of "t": set default ARRAY[]::text[]
-- add check "t_c_check" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t"
    DROP CONSTRAINT "t_c_check",
    ALTER COLUMN "a" SET DEFAULT CURRENT_TIMESTAMP,
    ALTER COLUMN "b" SET DEFAULT ARRAY[]::text[],
    ADD CONSTRAINT "t_c_check" CHECK (((c)::text = ANY (ARRAY['a'::text, 'b'::text])));
