CREATE TYPE mood AS ENUM ('sad', 'meh', 'ok');
CREATE TABLE t (id int, feels mood DEFAULT 'ok');
