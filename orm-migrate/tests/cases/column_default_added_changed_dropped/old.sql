CREATE TABLE t (id int, a int, b int DEFAULT 1, c int DEFAULT 1);
