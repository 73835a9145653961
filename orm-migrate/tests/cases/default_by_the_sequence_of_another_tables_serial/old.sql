CREATE TABLE gone (id serial PRIMARY KEY);
CREATE TABLE a_user (id int DEFAULT nextval('gone_id_seq') NOT NULL, n int);
CREATE TABLE kept (id int NOT NULL);
