SELECT id, n FROM a_user
