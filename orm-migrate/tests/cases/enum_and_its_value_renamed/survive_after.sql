SELECT id, m::text FROM t ORDER BY id
