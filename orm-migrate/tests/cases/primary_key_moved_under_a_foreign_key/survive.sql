SELECT id, code, a_id FROM a, b
