SELECT id, feels::text FROM t
