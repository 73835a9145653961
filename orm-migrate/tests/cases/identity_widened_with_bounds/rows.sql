INSERT INTO t SELECT FROM generate_series(1, 3); DELETE FROM t; SELECT setval('u_id_seq', 17, false); SELECT setval('n_id_seq', 9);
