CREATE TABLE t (id int, feels text DEFAULT 'ok');
