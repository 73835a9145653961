CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
CREATE POLICY a ON "user" USING (id = 3);
