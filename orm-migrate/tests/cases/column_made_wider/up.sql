-- change column "id" of "t": type integer to bigint
-- change column "s" of "t": type character varying(10) to character varying(20)
-- change column "n" of "t": type numeric(10,2) to numeric(12,2)
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
ALTER TABLE "public"."t"
    ALTER COLUMN "id" TYPE bigint,
    ALTER COLUMN "s" TYPE character varying(20),
    ALTER COLUMN "n" TYPE numeric(12,2);
