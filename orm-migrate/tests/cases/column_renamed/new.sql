CREATE TABLE person (id int PRIMARY KEY, full_name text NOT NULL DEFAULT 'nobody' CHECK (full_name <> ''), up text GENERATED ALWAYS AS (upper(full_name)) STORED);
CREATE INDEX person_full_name ON person (full_name) WHERE full_name <> 'nobody';
CREATE VIEW names AS SELECT full_name AS name FROM person;
