SELECT a::text, b::int FROM t
