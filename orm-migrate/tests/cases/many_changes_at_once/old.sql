CREATE TYPE kind AS ENUM ('a');
CREATE TABLE owner (id int PRIMARY KEY);
CREATE TABLE item (id int PRIMARY KEY, owner_id int REFERENCES owner, kind kind, price int, note text);
CREATE VIEW prices AS SELECT id, price FROM item;
CREATE INDEX by_note ON item (note);
