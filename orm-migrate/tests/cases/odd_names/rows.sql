INSERT INTO "sel""ect" VALUES (1, 'x');
