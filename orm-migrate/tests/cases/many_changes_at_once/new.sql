CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE owner (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '');
CREATE TABLE item (id bigint PRIMARY KEY, owner_id bigint REFERENCES owner ON DELETE CASCADE, kind kind DEFAULT 'b', price bigint CHECK (price >= 0));
CREATE VIEW prices AS SELECT id, price, kind FROM item;
CREATE TABLE tag (item_id bigint REFERENCES item, name text, PRIMARY KEY (item_id, name));
