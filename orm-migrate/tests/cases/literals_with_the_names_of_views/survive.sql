SELECT id, state FROM t
