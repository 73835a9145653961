CREATE DOMAIN amount AS numeric;
CREATE TYPE pair AS (x numeric, y text);
CREATE TABLE t (n numeric, m numeric(10,2), at timestamptz, precise timestamp, a amount, b amount[], p pair, exact numeric(10,0));
