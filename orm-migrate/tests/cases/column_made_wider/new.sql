CREATE TABLE t (id bigint, s varchar(20), n numeric(12,2));
