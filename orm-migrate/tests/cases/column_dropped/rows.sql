INSERT INTO "user" VALUES (1, 'a', 'x');
