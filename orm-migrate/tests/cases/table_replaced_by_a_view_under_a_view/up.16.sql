-- drop view "public"."y"
-- lock: ACCESS EXCLUSIVE on "y"
DROP VIEW "public"."y";

-- drop view "public"."m"
-- lock: ACCESS EXCLUSIVE on "m"
DROP VIEW "public"."m";

-- drop view "public"."x"
-- lock: ACCESS EXCLUSIVE on "x"
DROP VIEW "public"."x";

-- drop view "public"."u"
-- lock: ACCESS EXCLUSIVE on "u"
DROP VIEW "public"."u";

-- drop view "public"."w"
-- lock: ACCESS EXCLUSIVE on "w"
DROP VIEW "public"."w";

-- drop table "t"
-- lock: ACCESS EXCLUSIVE on "t"
-- hazard: all rows of table "t" are lost
DROP TABLE "public"."t";

-- create table "t2" (1 columns)
CREATE TABLE "public"."t2" (
    "a" integer
);

-- create table "u" (1 columns)
CREATE TABLE "public"."u" (
    "a" integer
);

-- create materialized view "public"."m"
-- hazard: materialized view "m" is made again: the rows that it holds go, its query runs anew, and nobody can read it or write what was changed under it meanwhile
CREATE MATERIALIZED VIEW "public"."m" AS
SELECT a
   FROM public.m2;

-- create view "public"."t"
CREATE VIEW "public"."t" AS
SELECT a
   FROM public.t2;

-- create view "public"."w"
CREATE VIEW "public"."w" AS
SELECT a
   FROM public.t;

-- create view "public"."x"
CREATE VIEW "public"."x" AS
SELECT a
   FROM public.u;

-- create view "public"."y"
CREATE VIEW "public"."y" AS
SELECT a
   FROM public.m;
