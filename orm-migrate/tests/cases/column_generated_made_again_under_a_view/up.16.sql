-- drop view "public"."w"
-- lock: ACCESS EXCLUSIVE on "w"
DROP VIEW "public"."w";

-- drop view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
DROP VIEW "public"."v";

-- drop view "public"."y"
-- lock: ACCESS EXCLUSIVE on "y"
DROP VIEW "public"."y";

-- drop column "g" of "t"
-- add column "g" integer GENERATED ALWAYS AS ((a + 2)) STORED to "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- cost: writes "t" and its indexes anew
-- hazard: table "t" is written anew, with a value for "g" in every row
ALTER TABLE "public"."t"
    DROP COLUMN "g",
    ADD COLUMN "g" integer GENERATED ALWAYS AS ((a + 2)) STORED;

-- drop column "g" of "u"
-- change column "a" of "u": type integer to bigint
-- add column "g" bigint GENERATED ALWAYS AS ((a * 2)) STORED to "u"
-- lock: ACCESS EXCLUSIVE on "u"
-- cost: writes "u" and its indexes anew
-- hazard: table "u" is written anew and its indexes are built again; nobody can read or write it meanwhile
-- hazard: table "u" is written anew, with a value for "g" in every row
ALTER TABLE "public"."u"
    DROP COLUMN "g",
    ALTER COLUMN "a" TYPE bigint,
    ADD COLUMN "g" bigint GENERATED ALWAYS AS ((a * 2)) STORED;

-- create view "public"."v"
CREATE VIEW "public"."v" AS
SELECT g
   FROM public.t;
COMMENT ON VIEW "public"."v" IS 'said';

-- create view "public"."w"
CREATE VIEW "public"."w" AS
SELECT g
   FROM public.v;

-- create view "public"."y"
CREATE VIEW "public"."y" AS
SELECT g
   FROM public.u;
