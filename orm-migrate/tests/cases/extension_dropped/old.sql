CREATE EXTENSION citext;
CREATE TABLE t (id int, s citext);
