INSERT INTO "user" (email, age) VALUES ('ada@x', 36), ('bob@x', 7); INSERT INTO post VALUES (1, 2);
