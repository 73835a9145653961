INSERT INTO "user" VALUES (1, 'ada@example.com'), (2, 'bob@example.com');
INSERT INTO note VALUES (1);
