-- add check "c" to "t"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ADD CONSTRAINT "c" CHECK ((a > 0)) NOT VALID;
