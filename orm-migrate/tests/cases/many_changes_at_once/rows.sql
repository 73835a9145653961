INSERT INTO owner VALUES (1);
INSERT INTO item VALUES (1, 1, 'a', 5, 'n');
