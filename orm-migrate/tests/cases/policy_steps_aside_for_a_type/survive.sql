SELECT id, who::text FROM t
