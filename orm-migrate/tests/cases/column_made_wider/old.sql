CREATE TABLE t (id int, s varchar(10), n numeric(10,2));
