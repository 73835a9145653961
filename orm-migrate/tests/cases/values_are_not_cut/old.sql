CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN word AS text;
CREATE DOMAIN longer AS varchar(9);
CREATE DOMAIN above AS longer;
CREATE TYPE pair AS (x text, y longer, z int);
CREATE TABLE t (
    number int, document jsonb, feels mood, said word, bits varbit, numbers int[], list text,
    again longer, agains longer[], higher above, made varchar(9), mades text[], pair pair, pairs pair[]
);
