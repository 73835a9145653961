CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int, feels mood CHECK (feels <> 'sad'), all_of mood[]);
CREATE INDEX i ON t (feels) WHERE feels = 'ok';
