SELECT id, a, s FROM t ORDER BY id
