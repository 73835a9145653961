CREATE TYPE point3 AS (x int, y int);
CREATE TABLE t (p point3);
