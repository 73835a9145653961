-- drop index "gone" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: index "gone" of "t" is dropped: queries that use it read the whole table from then on
DROP INDEX "public"."gone";

-- drop index "i" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP INDEX "public"."i";

-- add index "i" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i" ON "public"."t" USING btree ("a" DESC);
