SELECT v::int, a::text FROM t
