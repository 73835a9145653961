CREATE DOMAIN amount AS int;
CREATE TYPE pair AS (x int, y text);
CREATE TABLE t (n int, m numeric(10,1), at date, precise timestamp(3), a amount, b amount[], p pair, exact int);
