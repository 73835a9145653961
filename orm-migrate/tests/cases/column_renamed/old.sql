CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL DEFAULT 'nobody' CHECK (name <> ''), up text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE INDEX person_name ON person (name) WHERE name <> 'nobody';
CREATE VIEW names AS SELECT name FROM person;
