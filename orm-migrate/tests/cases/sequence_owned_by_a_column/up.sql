-- change sequence "public"."kept"
ALTER SEQUENCE "public"."kept" OWNED BY NONE;

-- sequence "public"."ord" stays when its column goes
ALTER SEQUENCE "public"."ord" OWNED BY NONE;

-- drop table "gone"
-- lock: ACCESS EXCLUSIVE on "gone"
-- hazard: all rows of table "gone" are lost
DROP TABLE "public"."gone";

-- drop table "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: all rows of table "t" are lost
DROP TABLE "public"."t";

-- create sequence "public"."fresh"
CREATE SEQUENCE "public"."fresh" AS bigint;

-- create table "made" (1 columns)
CREATE TABLE "public"."made" (
    "id" text DEFAULT ('B'::text || nextval('public.fresh'::regclass))
);

-- add column "again" integer to "n"
-- lock: ACCESS EXCLUSIVE on "n"
ALTER TABLE "public"."n" ADD COLUMN "again" integer;

-- change column "id" of "s": type serial to integer, drop NOT NULL, set default nextval('public.s_id_seq'::regclass)
-- lock: ACCESS EXCLUSIVE on "s"
ALTER TABLE "public"."s"
    ALTER COLUMN "id" DROP DEFAULT,
    ALTER COLUMN "id" SET DEFAULT nextval('public.s_id_seq'::regclass),
    ALTER COLUMN "id" DROP NOT NULL;

-- drop sequence "public"."ord"
-- hazard: sequence "public"."ord" is lost with what it holds
DROP SEQUENCE "public"."ord";

-- sequence "public"."fresh" belongs to a column of "public"."made"
ALTER SEQUENCE "public"."fresh" OWNED BY "public"."made"."id";

-- change sequence "public"."moved"
ALTER SEQUENCE "public"."moved" OWNED BY "public"."n"."again";
