INSERT INTO t (a) VALUES (1); INSERT INTO s VALUES (DEFAULT), (DEFAULT); SELECT setval('gone_id_seq', 50); SELECT nextval('p_id_seq'); INSERT INTO q VALUES (5);
