-- orm:segment autocommit
CREATE INDEX CONCURRENTLY i ON a (id);
INSERT INTO a VALUES (2);
