CREATE DOMAIN longer AS varchar(3);
CREATE DOMAIN above AS longer;
CREATE DOMAIN short AS varchar(3) CHECK (VALUE <> 'no');
CREATE TYPE pair AS (x varchar(3), y longer, z int);
CREATE TABLE t (
    number varchar(2), document varchar(5), feels varchar(3), said varchar(3), bits bit(2), numbers varchar(2)[], list varchar(2)[],
    again longer, agains longer[], higher above, made short, mades short[], pair pair, pairs pair[]
);
