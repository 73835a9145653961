CREATE TABLE a (id serial PRIMARY KEY);
CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY);
CREATE UNLOGGED TABLE u (id serial);
CREATE TABLE c (id serial);
CREATE TABLE d (id serial);
CREATE TABLE e (id serial);
CREATE TABLE becomes_unlogged (id serial, n int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE uses (a int DEFAULT nextval('a_id_seq'));
