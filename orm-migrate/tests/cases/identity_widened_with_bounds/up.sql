-- change column "id" of "n": type bigint to integer, set identity
-- lock: ACCESS EXCLUSIVE on "n"
-- cost: writes "n" and its indexes anew
-- hazard: table "n" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "id" cannot become integer
DO 'BEGIN EXECUTE format(''SELECT setval(%L, least(greatest(last_value, 5), 100), is_called AND last_value >= 5 OR last_value > 100) FROM %s'', pg_get_serial_sequence(''"public"."n"'', ''id''), pg_get_serial_sequence(''"public"."n"'', ''id'')); END';
ALTER TABLE "public"."n"
    ALTER COLUMN "id" TYPE integer USING "id"::integer,
    ALTER COLUMN "id" SET MINVALUE 5 SET MAXVALUE 100 SET START WITH 5;

-- change column "id" of "t": type integer to bigint, set identity
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."t"
    ALTER COLUMN "id" TYPE bigint,
    ALTER COLUMN "id" SET NO MINVALUE SET MAXVALUE 5000000000;

-- change column "id" of "u": type smallint to bigint, set identity
-- lock: ACCESS EXCLUSIVE on "u"
-- cost: writes "u" and its indexes anew
-- hazard: table "u" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."u"
    ALTER COLUMN "id" TYPE bigint,
    ALTER COLUMN "id" SET MINVALUE -5000000000 SET MAXVALUE 9000000000;
