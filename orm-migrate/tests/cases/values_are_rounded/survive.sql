SELECT n::int, m::numeric(10,1), precise::text, a::int, b::text, p::text FROM t
