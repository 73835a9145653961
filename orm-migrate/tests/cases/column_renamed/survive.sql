SELECT id, name, up FROM person ORDER BY id
