INSERT INTO users VALUES (1, 2, 'x'), (2, 3, 'y'); INSERT INTO parts VALUES (1, 2);
