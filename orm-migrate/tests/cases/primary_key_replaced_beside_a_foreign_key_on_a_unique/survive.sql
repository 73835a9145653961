SELECT * FROM o, m, n, p
