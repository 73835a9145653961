CREATE DOMAIN uint AS bigint CHECK (value >= 0);
CREATE TABLE u (id uint PRIMARY KEY);
