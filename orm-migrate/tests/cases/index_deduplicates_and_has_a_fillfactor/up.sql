-- change index "changed" of "t"
ALTER INDEX "public"."changed" SET (deduplicate_items = true, fillfactor = 80);

-- change index "gone" of "t"
ALTER INDEX "public"."gone" RESET (deduplicate_items, fillfactor);

-- add index "new" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "new" ON "public"."t" USING btree ("c") WITH (deduplicate_items = false, fillfactor = 60);
