SELECT a.id AS a, b.id AS b FROM a, b
