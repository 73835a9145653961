-- drop trigger "pt" of "p"
-- lock: ACCESS EXCLUSIVE on "p"
DROP TRIGGER "pt" ON "public"."p";

-- drop index "pi" of "p"
-- lock: ACCESS EXCLUSIVE on "p"
-- lock: ACCESS EXCLUSIVE on "p1"
-- hazard: index "pi" of "p" is dropped: queries that use it read the whole table from then on
DROP INDEX "public"."pi";

-- drop index "i" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: index "i" of "t" is dropped: queries that use it read the whole table from then on
DROP INDEX "public"."i";

-- drop exclusion constraint "t_f_excl" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: exclusion constraint "t_f_excl" of "t" is dropped with its index: queries that use it read the whole table from then on, and rows that it refuses may be written
ALTER TABLE "public"."t" DROP CONSTRAINT "t_f_excl";

-- drop function "public"."f"(integer)
-- lock: ACCESS EXCLUSIVE on function "public"."f"(integer)
DROP FUNCTION "public"."f"(integer);

-- drop function "public"."g"()
-- lock: ACCESS EXCLUSIVE on function "public"."g"()
DROP FUNCTION "public"."g"();
