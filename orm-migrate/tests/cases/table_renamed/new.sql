CREATE TABLE account (id bigserial PRIMARY KEY, email text UNIQUE, age int CHECK (age > 0));
CREATE INDEX ON account (lower(email));
CREATE TABLE post (id int PRIMARY KEY, author bigint REFERENCES account);
CREATE VIEW adult AS SELECT id, email FROM account WHERE age > 17;
