-- orm:segment transaction
-- 20260101T000000_first
CREATE TABLE a (id int);
INSERT INTO a VALUES (1);

-- orm:segment transaction
-- 20260102T000000_second
-- orm:segment autocommit
CREATE INDEX CONCURRENTLY i ON a (id);
INSERT INTO a VALUES (2);
