CREATE TABLE t (id bigint, s text);
