SELECT id, email FROM "user" ORDER BY id
