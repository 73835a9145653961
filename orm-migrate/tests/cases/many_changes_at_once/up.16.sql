-- change enum "public"."kind"
-- lock: EXCLUSIVE on enum "public"."kind"
-- form: a new value can be used when the transaction that adds it is over
ALTER TYPE "public"."kind" ADD VALUE 'b' AFTER 'a';

-- orm:segment transaction
-- drop foreign key "item_owner_id_fkey" of "item"
-- lock: ACCESS EXCLUSIVE on "item"
-- lock: ACCESS EXCLUSIVE on "owner"
ALTER TABLE "public"."item" DROP CONSTRAINT "item_owner_id_fkey";

-- drop index "by_note" of "item"
-- lock: ACCESS EXCLUSIVE on "item"
DROP INDEX "public"."by_note";

-- drop view "public"."prices"
-- lock: ACCESS EXCLUSIVE on "prices"
DROP VIEW "public"."prices";

-- create table "tag" (2 columns)
CREATE TABLE "public"."tag" (
    "item_id" bigint NOT NULL,
    "name" text NOT NULL,
    CONSTRAINT "tag_pkey" PRIMARY KEY ("item_id", "name")
);

-- drop column "note" of "item"
-- change column "id" of "item": type integer to bigint
-- change column "owner_id" of "item": type integer to bigint
-- change column "kind" of "item": set default 'b'::public.kind
-- change column "price" of "item": type integer to bigint
-- add check "item_price_check" to "item"
-- lock: ACCESS EXCLUSIVE on "item"
-- cost: writes "item" and its indexes anew
-- cost: reads every row of "item"
-- hazard: the values of column "note" of table "item" are lost
-- hazard: table "item" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a row of "item" does not satisfy check "item_price_check"
-- hazard: nobody can read or write "item" while every row is checked
ALTER TABLE "public"."item"
    DROP COLUMN "note",
    ALTER COLUMN "id" TYPE bigint,
    ALTER COLUMN "owner_id" TYPE bigint,
    ALTER COLUMN "kind" SET DEFAULT 'b'::public.kind,
    ALTER COLUMN "price" TYPE bigint,
    ADD CONSTRAINT "item_price_check" CHECK ((price >= 0));

-- change column "id" of "owner": type integer to bigint
-- add column "name" text DEFAULT ''::text NOT NULL to "owner"
-- lock: ACCESS EXCLUSIVE on "owner"
-- cost: writes "owner" and its indexes anew
-- hazard: table "owner" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."owner"
    ALTER COLUMN "id" TYPE bigint,
    ADD COLUMN "name" text DEFAULT ''::text NOT NULL;

-- add foreign key "item_owner_id_fkey" to "item"
-- lock: SHARE ROW EXCLUSIVE on "item"
-- lock: SHARE ROW EXCLUSIVE on "owner"
-- cost: reads every row of "item"
-- hazard: it fails if a row of "item" has no match by foreign key "item_owner_id_fkey"
-- hazard: nobody can write "item" or "owner" while every row of "item" is checked
ALTER TABLE "public"."item" ADD CONSTRAINT "item_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "public"."owner" ("id") ON DELETE CASCADE;

-- add foreign key "tag_item_id_fkey" to "tag"
-- lock: SHARE ROW EXCLUSIVE on "item"
ALTER TABLE "public"."tag" ADD CONSTRAINT "tag_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "public"."item" ("id");

-- create view "public"."prices"
CREATE VIEW "public"."prices" AS
SELECT id,
    price,
    kind
   FROM public.item;
