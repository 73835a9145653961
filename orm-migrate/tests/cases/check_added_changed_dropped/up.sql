-- drop check "one" of "t"
-- drop check "two" of "t"
-- add check "one" to "t"
-- add check "three" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" does not satisfy check "one"
-- hazard: nobody can read or write "t" while every row is checked
-- hazard: it fails if a row of "t" does not satisfy check "three"
ALTER TABLE "public"."t"
    DROP CONSTRAINT "one",
    DROP CONSTRAINT "two",
    ADD CONSTRAINT "one" CHECK ((a >= 0)),
    ADD CONSTRAINT "three" CHECK ((a <> 5)) NO INHERIT;
