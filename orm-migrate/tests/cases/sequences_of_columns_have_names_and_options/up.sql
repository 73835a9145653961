-- change column "id" of "a": name of its sequence
-- hazard: programs that run meanwhile and still say sequence "public"."a_id_seq" fail from then on
ALTER SEQUENCE "public"."a_id_seq" RENAME TO "its_own";

-- change column "id" of "b": name of its sequence
-- hazard: programs that run meanwhile and still say sequence "public"."b_id_seq" fail from then on
ALTER SEQUENCE "public"."b_id_seq" RENAME TO "B's own";

-- sequence "public"."c_id_seq" has a name in between
ALTER SEQUENCE "public"."c_id_seq" RENAME TO "orm_rename_2";

-- change column "id" of "d": name of its sequence
-- hazard: programs that run meanwhile and still say sequence "public"."d_id_seq" fail from then on
ALTER SEQUENCE "public"."d_id_seq" RENAME TO "c_id_seq";

-- change column "id" of "c": name of its sequence
-- hazard: programs that run meanwhile and still say sequence "public"."c_id_seq" fail from then on
ALTER SEQUENCE "public"."orm_rename_2" RENAME TO "d_id_seq";

-- create sequence "public"."fast"
CREATE UNLOGGED SEQUENCE "public"."fast" AS bigint;

-- create table "new_name" (2 columns)
CREATE SEQUENCE "public"."old_name_id_seq" AS integer;
CREATE TABLE "public"."new_name" (
    "id" integer DEFAULT nextval('"public"."old_name_id_seq"') NOT NULL,
    "n" bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "public"."old_name_n_seq" START WITH 7) NOT NULL,
    CONSTRAINT "old_name_pkey" PRIMARY KEY ("id")
);
ALTER SEQUENCE "public"."old_name_id_seq" OWNED BY "public"."new_name"."id";

-- create table "old_name" (1 columns)
CREATE SEQUENCE "public"."old_name_id_seq1" AS integer;
CREATE TABLE "public"."old_name" (
    "id" integer DEFAULT nextval('"public"."old_name_id_seq1"') NOT NULL
);
ALTER SEQUENCE "public"."old_name_id_seq1" OWNED BY "public"."old_name"."id";

-- create table "x" (2 columns)
CREATE UNLOGGED TABLE "public"."x" (
    "id" bigserial NOT NULL,
    "n" integer GENERATED ALWAYS AS IDENTITY NOT NULL
);

-- change column "id" of "e": options of its sequence
SELECT setval('"public"."e_id_seq"', least(last_value, 10000), is_called OR last_value > 10000) FROM "public"."e_id_seq";
ALTER SEQUENCE "public"."e_id_seq" AS integer INCREMENT BY 5 MINVALUE 1 MAXVALUE 10000 START WITH 1 CACHE 1 NO CYCLE;

-- change column "a" of "uses": set default nextval('public.its_own'::regclass)
-- lock: ACCESS EXCLUSIVE on "uses"
ALTER TABLE "public"."uses" ALTER COLUMN "a" SET DEFAULT nextval('public.its_own'::regclass);

-- make "becomes_unlogged" unlogged
-- lock: ACCESS EXCLUSIVE on "becomes_unlogged"
-- cost: writes "becomes_unlogged" and its indexes anew
-- hazard: table "becomes_unlogged" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."becomes_unlogged" SET UNLOGGED;

-- change column "n" of "becomes_unlogged": whether its sequence is logged
ALTER SEQUENCE "public"."becomes_unlogged_n_seq" SET LOGGED;

-- change column "id" of "u": whether its sequence is logged
ALTER SEQUENCE "public"."u_id_seq" SET LOGGED;

-- make sequence "public"."x_id_seq" logged
ALTER SEQUENCE "public"."x_id_seq" SET LOGGED;
