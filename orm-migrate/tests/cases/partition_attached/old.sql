CREATE TABLE t (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE old (id int, at date);
