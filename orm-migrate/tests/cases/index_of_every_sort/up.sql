-- add index "i1" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i1" ON "public"."t" USING btree ("a" COLLATE pg_catalog."C" pg_catalog.text_pattern_ops DESC NULLS LAST, "b");

-- add unique index "i2" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" have the same key
-- hazard: nobody can write "t" while the index is built
CREATE UNIQUE INDEX "i2" ON "public"."t" USING btree ((lower(a))) WHERE ((b > 0));

-- add index "i3" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i3" ON "public"."t" USING gin ("j" pg_catalog.jsonb_path_ops) WITH (fastupdate = false);

-- add index "i4" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i4" ON "public"."t" USING hash ("b");

-- add index "i5" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "i5" ON "public"."t" USING brin ("b") WITH (pages_per_range = 16);

-- add unique index "i6" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: it fails if rows of "t" have the same key
-- hazard: nobody can write "t" while the index is built
CREATE UNIQUE INDEX "i6" ON "public"."t" USING btree ("b") INCLUDE ("a") NULLS NOT DISTINCT WITH (fillfactor = 80);
