-- change sequence "public"."becomes_id_seq"
ALTER SEQUENCE "public"."becomes_id_seq" OWNED BY NONE;

-- change sequence "public"."gone_id_seq"
ALTER SEQUENCE "public"."gone_id_seq" OWNED BY NONE;

-- drop table "gone"
-- lock: ACCESS EXCLUSIVE on "gone"
-- hazard: all rows of table "gone" are lost
DROP TABLE "public"."gone";

-- create table "other" (1 columns)
CREATE TABLE "public"."other" (
    "id" integer DEFAULT nextval('public.gone_id_seq'::regclass)
);

-- change column "id" of "becomes": type serial to integer, set identity, name of its sequence
-- lock: ACCESS EXCLUSIVE on "becomes"
ALTER TABLE "public"."becomes" ALTER COLUMN "id" DROP DEFAULT;
ALTER TABLE "public"."becomes" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "public"."becomes_own");
SELECT setval(pg_get_serial_sequence('"public"."becomes"', 'id'), last_value, is_called) FROM "public"."becomes_id_seq";

-- change column "id" of "p": type serial to bigint
-- lock: ACCESS EXCLUSIVE on "p"
-- cost: writes "p" and its indexes anew
-- hazard: table "p" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."p"
    ALTER COLUMN "id" DROP DEFAULT,
    ALTER COLUMN "id" TYPE bigint;

-- change column "id" of "q": type integer to serial
-- lock: ACCESS EXCLUSIVE on "q"
ALTER TABLE "public"."q" ALTER COLUMN "id" SET DEFAULT nextval('"public"."q_id_seq"');
SELECT setval('"public"."q_id_seq"', max("id") + 1, false) FROM "public"."q" HAVING max("id") >= (SELECT last_value FROM "public"."q_id_seq");

-- change column "id" of "s": type serial to text
-- lock: ACCESS EXCLUSIVE on "s"
-- cost: writes "s" and its indexes anew
-- hazard: table "s" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."s"
    ALTER COLUMN "id" DROP DEFAULT,
    ALTER COLUMN "id" TYPE text;

-- change column "a" of "t": type integer to bigint
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."t" ALTER COLUMN "a" TYPE bigint;

-- change column "id" of "w": type integer to serial, name of its sequence
-- lock: ACCESS EXCLUSIVE on "w"
ALTER TABLE "public"."w" ALTER COLUMN "id" SET DEFAULT nextval('"public"."s_id_seq"');
SELECT setval('"public"."s_id_seq"', max("id") + 1, false) FROM "public"."w" HAVING max("id") >= (SELECT last_value FROM "public"."s_id_seq");

-- change sequence "public"."given"
ALTER SEQUENCE "public"."given" OWNED BY "public"."t"."a";

-- change sequence "public"."moved"
ALTER SEQUENCE "public"."moved" OWNED BY "public"."v"."b";

-- change sequence "public"."p_id_seq"
ALTER SEQUENCE "public"."p_id_seq" OWNED BY "public"."p"."a";

-- change sequence "public"."taken"
ALTER SEQUENCE "public"."taken" OWNED BY NONE;

-- sequence "public"."s_id_seq" belongs to a column of "public"."w"
ALTER SEQUENCE "public"."s_id_seq" OWNED BY "public"."w"."id";
