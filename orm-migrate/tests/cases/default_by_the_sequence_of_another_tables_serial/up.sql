-- create table "w" (2 columns)
CREATE TABLE "public"."w" (
    "id" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    "x" integer
);

-- create table "z" (1 columns)
CREATE TABLE "public"."z" (
    "id" bigserial NOT NULL,
    CONSTRAINT "z_pkey" PRIMARY KEY ("id")
);

-- create table "b" (1 columns)
CREATE TABLE "public"."b" (
    "id" bigint DEFAULT nextval('public.z_id_seq'::regclass) NOT NULL
);

-- change column "id" of "a_user": set default nextval('public.z_id_seq'::regclass)
-- lock: ACCESS EXCLUSIVE on "a_user"
ALTER TABLE "public"."a_user" ALTER COLUMN "id" SET DEFAULT nextval('public.z_id_seq'::regclass);

-- drop table "gone"
-- lock: ACCESS EXCLUSIVE on "gone"
-- hazard: all rows of table "gone" are lost
DROP TABLE "public"."gone";

-- add column "m" bigint DEFAULT nextval('public.w_id_seq'::regclass) to "a_user"
-- lock: ACCESS EXCLUSIVE on "a_user"
-- cost: writes "a_user" and its indexes anew
-- hazard: table "a_user" is written anew, with a value for "m" in every row
ALTER TABLE "public"."a_user" ADD COLUMN "m" bigint DEFAULT nextval('public.w_id_seq'::regclass);

-- change column "id" of "kept": type integer to serial
-- lock: ACCESS EXCLUSIVE on "kept"
CREATE SEQUENCE IF NOT EXISTS "public"."kept_id_seq" AS integer OWNED BY "public"."kept"."id";
ALTER TABLE "public"."kept" ALTER COLUMN "id" SET DEFAULT nextval('"public"."kept_id_seq"');
SELECT setval('"public"."kept_id_seq"', greatest(max("id") + 1, 1), false) FROM "public"."kept";

-- create table "b2" (3 columns)
CREATE TABLE "public"."b2" (
    "id" serial NOT NULL,
    "y" bigint,
    "z" integer DEFAULT nextval('public.kept_id_seq'::regclass)
);

-- change column "y" of "b2": set default nextval('public.w_id_seq'::regclass)
ALTER TABLE "public"."b2" ALTER COLUMN "y" SET DEFAULT nextval('public.w_id_seq'::regclass);

-- change column "x" of "w": set default nextval('public.b2_id_seq'::regclass)
ALTER TABLE "public"."w" ALTER COLUMN "x" SET DEFAULT nextval('public.b2_id_seq'::regclass);
