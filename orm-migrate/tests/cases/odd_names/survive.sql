SELECT id, "a b" FROM "sel""ect"
