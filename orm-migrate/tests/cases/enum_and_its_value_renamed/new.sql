CREATE TYPE feeling AS ENUM ('unhappy', 'ok');
CREATE TABLE t (id int PRIMARY KEY, m feeling NOT NULL DEFAULT 'unhappy', CHECK (m <> 'unhappy' OR id > 0));
CREATE INDEX ON t (id) WHERE m = 'unhappy';
