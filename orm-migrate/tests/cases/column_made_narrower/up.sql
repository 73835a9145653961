-- change column "id" of "t": type bigint to integer
-- change column "s" of "t": type text to character varying(5)
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "id" cannot become integer
-- hazard: it fails if a value of "s" cannot become character varying(5)
ALTER TABLE "public"."t"
    ALTER COLUMN "id" TYPE integer USING "id"::integer,
    ALTER COLUMN "s" TYPE character varying(5);
