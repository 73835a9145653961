INSERT INTO t (a) SELECT 'x' FROM generate_series(1, 9); DELETE FROM t WHERE id > 4; SELECT setval('u_id_seq', -31, false);
