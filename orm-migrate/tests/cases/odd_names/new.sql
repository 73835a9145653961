CREATE TABLE "sel""ect" (id int, "a b" text NOT NULL DEFAULT 'it''s', "SELECT" int, "ü--" int);
CREATE INDEX "i x" ON "sel""ect" ("a b");
