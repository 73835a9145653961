CREATE TABLE t (id int, a int DEFAULT 1, b int DEFAULT 2, c int);
