-- drop trigger "touch" of "t"
-- lock: ACCESS EXCLUSIVE on "t"
DROP TRIGGER "touch" ON "public"."t";

-- drop function "public"."touch"()
-- lock: ACCESS EXCLUSIVE on function "public"."touch"()
DROP FUNCTION "public"."touch"();
