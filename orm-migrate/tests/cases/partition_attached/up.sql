-- make "old" a partition of "t": FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
-- lock: ACCESS EXCLUSIVE on "old"
-- lock: SHARE UPDATE EXCLUSIVE on "t"
-- cost: reads every row of "old"
-- hazard: it fails if a row of "old" is not one for FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
-- hazard: nobody can read or write "old" while every row is checked
ALTER TABLE "public"."t" ATTACH PARTITION "public"."old" FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
