-- create domain "public"."short"
CREATE DOMAIN "public"."short" AS character varying(3)
    CONSTRAINT "short_check" CHECK (((VALUE)::text <> 'no'::text));

-- change domain "public"."longer"
-- change domain "public"."above"
-- change composite type "public"."pair"
-- lock: ACCESS EXCLUSIVE on "t"
-- lock: ACCESS EXCLUSIVE on composite type "public"."pair"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, for the type of column "again" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of column "again" of table "t" cannot become the new type
-- hazard: table "t" is written anew, for the type of column "agains" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of column "agains" of table "t" cannot become the new type
-- hazard: table "t" is written anew, for the type of column "higher" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of column "higher" of table "t" cannot become the new type
-- hazard: table "t" is written anew, for the type of column "pair" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of attribute "x" in column "pair" of table "t" cannot become the new type
-- hazard: it fails if a value of attribute "y" in column "pair" of table "t" cannot become the new type
-- hazard: table "t" is written anew, for the type of column "pairs" is made again; nobody can read or write it meanwhile
-- hazard: it fails if a value of attribute "x" in column "pairs" of table "t" cannot become the new type
-- hazard: it fails if a value of attribute "y" in column "pairs" of table "t" cannot become the new type
-- hazard: domain "longer" (columns "again" of "t", "agains" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
-- hazard: domain "above" (column "higher" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
-- hazard: composite type "pair" (columns "pair" of "t", "pairs" of "t") is recreated with a new OID: prepared statements of running programs that use it are prepared again, or fail once inside a transaction, which is then to be run again; running programs with drivers other than orm must reconnect
ALTER DOMAIN "public"."longer" RENAME TO "longer_orm_old";
ALTER DOMAIN "public"."above" RENAME TO "above_orm_old";
ALTER TYPE "public"."pair" RENAME TO "pair_orm_old";
CREATE DOMAIN "public"."longer" AS character varying(3);
CREATE DOMAIN "public"."above" AS public.longer;
CREATE TYPE "public"."pair" AS ("x" character varying(3), "y" public.longer, "z" integer);
ALTER TABLE "public"."t"
    ALTER COLUMN "again" TYPE "public"."longer" USING "again"::text,
    ALTER COLUMN "agains" TYPE "public"."longer"[] USING "agains"::text[],
    ALTER COLUMN "higher" TYPE "public"."above" USING "higher"::text,
    ALTER COLUMN "pair" TYPE "public"."pair" USING CASE WHEN "pair" IS DISTINCT FROM NULL THEN ROW(("pair")."x", ("pair")."y", ("pair")."z")::text::"public"."pair" END,
    ALTER COLUMN "pairs" TYPE "public"."pair"[] USING "pairs"::text::"public"."pair"[];
DROP TYPE "public"."pair_orm_old";
DROP DOMAIN "public"."above_orm_old";
DROP DOMAIN "public"."longer_orm_old";

-- change column "number" of "t": type integer to character varying(2)
-- change column "document" of "t": type jsonb to character varying(5)
-- change column "feels" of "t": type public.mood to character varying(3)
-- change column "said" of "t": type public.word to character varying(3)
-- change column "bits" of "t": type bit varying to bit(2)
-- change column "numbers" of "t": type integer[] to character varying(2)[]
-- change column "list" of "t": type text to character varying(2)[]
-- change column "made" of "t": type character varying(9) to public.short
-- change column "mades" of "t": type text[] to public.short[]
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: it fails if a value of "number" cannot become character varying(2)
-- hazard: it fails if a value of "document" cannot become character varying(5)
-- hazard: it fails if a value of "feels" cannot become character varying(3)
-- hazard: it fails if a value of "said" cannot become character varying(3)
-- hazard: it fails if a value of "bits" cannot become bit(2)
-- hazard: it fails if a value of "numbers" cannot become character varying(2)[]
-- hazard: it fails if a value of "list" cannot become character varying(2)[]
-- hazard: it fails if a value of "made" cannot become public.short
-- hazard: it fails if a value of "mades" cannot become public.short[]
ALTER TABLE "public"."t"
    ALTER COLUMN "number" TYPE character varying(2) USING "number"::text,
    ALTER COLUMN "document" TYPE character varying(5) USING "document"::text,
    ALTER COLUMN "feels" TYPE character varying(3) USING "feels"::text,
    ALTER COLUMN "said" TYPE character varying(3) USING "said"::text,
    ALTER COLUMN "bits" TYPE bit(2),
    ALTER COLUMN "numbers" TYPE character varying(2)[] USING "numbers"::text[],
    ALTER COLUMN "list" TYPE character varying(2)[] USING "list"::text[],
    ALTER COLUMN "made" TYPE public.short,
    ALTER COLUMN "mades" TYPE public.short[];

-- drop enum "public"."mood"
-- lock: ACCESS EXCLUSIVE on enum "public"."mood"
DROP TYPE "public"."mood";

-- drop domain "public"."word"
-- lock: ACCESS EXCLUSIVE on domain "public"."word"
DROP DOMAIN "public"."word";
