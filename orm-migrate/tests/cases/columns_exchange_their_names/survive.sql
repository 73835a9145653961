SELECT a AS was_a, b AS was_b FROM t
