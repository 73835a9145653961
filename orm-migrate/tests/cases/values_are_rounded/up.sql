-- change domain "public"."amount"
-- change composite type "public"."pair"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: ACCESS EXCLUSIVE on composite type "public"."pair"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, for the type of column "a" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of column "a" of table "t" cannot become the new type
-- hazard: table "t" is written anew, for the type of column "b" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of column "b" of table "t" cannot become the new type
-- hazard: table "t" is written anew, for the type of column "p" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of attribute "x" in column "p" of table "t" cannot become the new type
-- hazard: the values of domain "amount" become integer: they are rounded
-- hazard: the values of attribute "x" of composite type "pair" become integer: they are rounded
-- hazard: domain "amount" (columns "a" of "t", "b" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
-- hazard: composite type "pair" (column "p" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
-- hazard: composite type "pair" (column "p" of "t") has other attributes: running programs that are built for the old ones can neither read nor write its values; those with drivers other than orm must reconnect, too
ALTER DOMAIN "public"."amount" RENAME TO "amount_orm_old";
ALTER TYPE "public"."pair" RENAME TO "pair_orm_old";
CREATE DOMAIN "public"."amount" AS integer;
CREATE TYPE "public"."pair" AS ("x" integer, "y" text);
ALTER TABLE "public"."t"
    ALTER COLUMN "a" TYPE "public"."amount" USING "a"::integer::"public"."amount",
    ALTER COLUMN "b" TYPE "public"."amount"[] USING "b"::integer[]::"public"."amount"[],
    ALTER COLUMN "p" TYPE "public"."pair" USING CASE WHEN "p" IS DISTINCT FROM NULL THEN ROW(("p")."x"::integer, ("p")."y")::"public"."pair" END;
DROP TYPE "public"."pair_orm_old";
DROP DOMAIN "public"."amount_orm_old";

-- change column "n" of "t": type numeric to integer
-- change column "m" of "t": type numeric(10,2) to numeric(10,1)
-- change column "at" of "t": type timestamp with time zone to date
-- change column "precise" of "t": type timestamp without time zone to timestamp(3) without time zone
-- change column "exact" of "t": type numeric(10,0) to integer
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "n" cannot become integer
-- hazard: it fails if a value of "m" cannot become numeric(10,1)
-- hazard: the values of column "at" of table "t" are read as UTC
-- hazard: it fails if a value of "at" cannot become date
-- hazard: it fails if a value of "precise" cannot become timestamp(3) without time zone
-- hazard: it fails if a value of "exact" cannot become integer
-- hazard: the values of column "n" of table "t" become integer: they are rounded
-- hazard: the values of column "m" of table "t" become numeric(10,1): they are rounded
-- hazard: the values of column "at" of table "t" become date: the time of the day is left out
-- hazard: the values of column "precise" of table "t" become timestamp(3) without time zone: they are rounded
SET timezone = 'UTC';
ALTER TABLE "public"."t"
    ALTER COLUMN "n" TYPE integer USING "n"::integer,
    ALTER COLUMN "m" TYPE numeric(10,1),
    ALTER COLUMN "at" TYPE date USING "at"::date,
    ALTER COLUMN "precise" TYPE timestamp(3) without time zone,
    ALTER COLUMN "exact" TYPE integer USING "exact"::integer;
