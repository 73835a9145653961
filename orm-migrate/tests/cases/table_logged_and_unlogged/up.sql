-- make "a" unlogged
-- lock: ACCESS EXCLUSIVE on "a"
-- cost: writes "a" and its indexes anew
-- hazard: table "a" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."a" SET UNLOGGED;

-- make "b" logged
-- lock: ACCESS EXCLUSIVE on "b"
-- cost: writes "b" and its indexes anew
-- hazard: table "b" is written anew; nobody can read or write it meanwhile
ALTER TABLE "public"."b" SET LOGGED;
