-- disable row security of "user"
-- lock: ACCESS EXCLUSIVE on "user"
ALTER TABLE "public"."user" DISABLE ROW LEVEL SECURITY;

-- drop policy "b" of "user"
-- lock: ACCESS EXCLUSIVE on "user"
DROP POLICY "b" ON "public"."user";

-- change policy "a" of "user"
-- lock: ACCESS EXCLUSIVE on "user"
ALTER POLICY "a" ON "public"."user" USING ((id = 3));
