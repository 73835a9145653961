-- change column "a b" of "sel""ect": set NOT NULL, set default 'it''s'::text
-- add column "SELECT" integer to "sel""ect"
-- add column "ü--" integer to "sel""ect"
-- lock: ACCESS EXCLUSIVE on "sel""ect"
-- cost: reads every row of "sel""ect"
-- hazard: it fails if a row of "sel""ect" has NULL in column "a b"
-- hazard: nobody can read or write "sel""ect" while every row is checked
ALTER TABLE "public"."sel""ect"
    ALTER COLUMN "a b" SET DEFAULT 'it''s'::text,
    ALTER COLUMN "a b" SET NOT NULL,
    ADD COLUMN "SELECT" integer,
    ADD COLUMN "ü--" integer;

-- add index "i x" to "sel""ect"
-- lock: SHARE on "sel""ect"
-- cost: reads every row of "sel""ect" to build an index
-- hazard: nobody can write "sel""ect" while the index is built
CREATE INDEX "i x" ON "public"."sel""ect" USING btree ("a b");
