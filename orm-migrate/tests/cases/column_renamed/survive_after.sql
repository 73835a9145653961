SELECT id, full_name AS name, up FROM person ORDER BY id
