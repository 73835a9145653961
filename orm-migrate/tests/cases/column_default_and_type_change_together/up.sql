-- change column "a" of "t": type character varying(5) to integer, set default 2
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "a" cannot become integer
ALTER TABLE "public"."t"
    ALTER COLUMN "a" DROP DEFAULT,
    ALTER COLUMN "a" TYPE integer USING "a"::integer,
    ALTER COLUMN "a" SET DEFAULT 2;
