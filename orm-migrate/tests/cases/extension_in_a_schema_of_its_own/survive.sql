SELECT a::text FROM t
