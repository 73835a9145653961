SELECT id, replace(m::text, 'sad', 'unhappy') AS m FROM t ORDER BY id
