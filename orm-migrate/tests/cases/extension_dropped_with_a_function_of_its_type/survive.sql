SELECT a::text, b FROM t
