INSERT INTO "user" VALUES (1, 'ada@example.com'), (2, 'bob@example.com');
