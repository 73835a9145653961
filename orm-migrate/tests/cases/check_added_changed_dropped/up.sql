-- drop check "one" of "t"
-- drop check "two" of "t"
-- add check "one" to "t"
-- add check "three" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t"
    DROP CONSTRAINT "one",
    DROP CONSTRAINT "two",
    ADD CONSTRAINT "one" CHECK ((a >= 0)),
    ADD CONSTRAINT "three" CHECK ((a <> 5)) NO INHERIT;
