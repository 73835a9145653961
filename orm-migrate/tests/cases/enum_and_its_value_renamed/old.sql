CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', CHECK (m <> 'sad' OR id > 0));
CREATE INDEX ON t (id) WHERE m = 'sad';
