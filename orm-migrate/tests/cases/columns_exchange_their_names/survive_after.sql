SELECT b AS was_a, a AS was_b FROM t
