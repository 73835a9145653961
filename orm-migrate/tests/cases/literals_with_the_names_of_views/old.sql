CREATE TABLE t (id int, state text DEFAULT 'idle');
CREATE VIEW idle AS SELECT id FROM t WHERE state = 'idle';
