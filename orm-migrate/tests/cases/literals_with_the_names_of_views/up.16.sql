-- drop view "public"."idle"
-- lock: ACCESS EXCLUSIVE on "idle"
DROP VIEW "public"."idle";

-- create table "u" (1 columns)
CREATE TABLE "public"."u" (
    "state" text DEFAULT 'closed'::text,
    CONSTRAINT "u_state_check" CHECK ((state = ANY (ARRAY['active'::text, 'closed'::text, 'u'::text])))
);

-- change column "state" of "t": set default 'active'::text
-- add column "n" bigint to "t"
-- add check "t_state_check" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: reads every row of "t"
-- hazard: it fails if a row of "t" does not satisfy check "t_state_check"
-- hazard: nobody can read or write "t" while every row is checked
ALTER TABLE "public"."t"
    ALTER COLUMN "state" SET DEFAULT 'active'::text,
    ADD COLUMN "n" bigint,
    ADD CONSTRAINT "t_state_check" CHECK ((state <> 'closed'::text));

-- add index "of_active" to "t"
-- lock: SHARE on "t"
-- cost: reads every row of "t" to build an index
-- hazard: nobody can write "t" while the index is built
CREATE INDEX "of_active" ON "public"."t" USING btree ("id") WHERE ((state = 'active'::text));

-- create view "public"."active"
CREATE VIEW "public"."active" AS
SELECT id,
    n
   FROM public.t
  WHERE (state = 'active'::text);

-- create view "public"."closed"
CREATE VIEW "public"."closed" AS
SELECT id
   FROM public.active
  WHERE (id > 1);

-- create view "public"."both_states"
CREATE VIEW "public"."both_states" AS
SELECT 'closed'::text AS state,
    a.id
   FROM public.active a
UNION ALL
 SELECT 'active'::text AS state,
    c.id
   FROM public.closed c;
