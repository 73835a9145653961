INSERT INTO a_user (n) VALUES (1), (2);
