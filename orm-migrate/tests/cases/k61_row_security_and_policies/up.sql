-- add policy "own" to "user"
-- lock: ACCESS EXCLUSIVE on "user"
CREATE POLICY "own" ON "public"."user" AS RESTRICTIVE FOR UPDATE USING ((id = 1)) WITH CHECK ((email <> ''::text));

-- add policy "reads" to "user"
-- lock: ACCESS EXCLUSIVE on "user"
CREATE POLICY "reads" ON "public"."user" FOR SELECT USING (true);

-- enable row security of "user"
-- lock: ACCESS EXCLUSIVE on "user"
ALTER TABLE "public"."user"
    ENABLE ROW LEVEL SECURITY,
    FORCE ROW LEVEL SECURITY;
