-- change column "id" of "n": type serial to integer, set identity
-- lock: ACCESS EXCLUSIVE on "n"
ALTER TABLE "public"."n" ALTER COLUMN "id" DROP DEFAULT;
DO 'DECLARE own text := pg_get_serial_sequence(''"public"."n"'', ''id'');
BEGIN
    EXECUTE format(''ALTER SEQUENCE %s OWNED BY NONE'', own);
    EXECUTE format(''ALTER SEQUENCE %s RENAME TO %I'', own, ''n_id_orm_position'');
END';
ALTER TABLE "public"."n" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('"public"."n"', 'id'), last_value, is_called) FROM "public"."n_id_orm_position";
DROP SEQUENCE "public"."n_id_orm_position";

-- change column "id" of "t": type serial to bigint, set identity
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."t" ALTER COLUMN "id" DROP DEFAULT;
DO 'DECLARE own text := pg_get_serial_sequence(''"public"."t"'', ''id'');
BEGIN
    EXECUTE format(''ALTER SEQUENCE %s OWNED BY NONE'', own);
    EXECUTE format(''ALTER SEQUENCE %s RENAME TO %I'', own, ''t_id_orm_position'');
END';
ALTER TABLE "public"."t"
    ALTER COLUMN "id" TYPE bigint,
    ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('"public"."t"', 'id'), last_value, is_called) FROM "public"."t_id_orm_position";
DROP SEQUENCE "public"."t_id_orm_position";

-- change column "id" of "u": type bigint to bigserial, drop identity, options of its sequence
-- lock: ACCESS EXCLUSIVE on "u"
CREATE SEQUENCE "public"."u_id_orm_position" AS bigint INCREMENT BY -5 MINVALUE -1000;
DO 'BEGIN EXECUTE format(''SELECT setval(%L, last_value, is_called) FROM %s'', ''"public"."u_id_orm_position"'', pg_get_serial_sequence(''"public"."u"'', ''id'')); END';
ALTER TABLE "public"."u" ALTER COLUMN "id" DROP IDENTITY;
ALTER SEQUENCE "public"."u_id_orm_position" RENAME TO "u_id_seq";
ALTER SEQUENCE "public"."u_id_seq" OWNED BY "public"."u"."id";
ALTER TABLE "public"."u" ALTER COLUMN "id" SET DEFAULT nextval('"public"."u_id_seq"');
