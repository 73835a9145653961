CREATE TYPE point3 AS (x int, z text);
CREATE TABLE t (p point3);
