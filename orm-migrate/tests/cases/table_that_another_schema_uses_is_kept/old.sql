CREATE SCHEMA theirs;
CREATE TABLE theirs.note (id int);
CREATE TABLE "user" (id bigint PRIMARY KEY, email text NOT NULL);
