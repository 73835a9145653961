-- drop index "changed" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP INDEX "public"."changed";

-- add index "changed" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "changed" ON "public"."t" USING gist ("a" pg_catalog.tsvector_ops(siglen='32'));

-- add index "made" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "made" ON "public"."t" USING gist ("b" pg_catalog.tsvector_ops(siglen='64'), "c");
