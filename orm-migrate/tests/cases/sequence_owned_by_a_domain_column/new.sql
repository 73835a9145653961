CREATE DOMAIN uint AS bigint CHECK (value >= 0);
CREATE TABLE u (id uint PRIMARY KEY);
CREATE TABLE t (id uint PRIMARY KEY);
CREATE SEQUENCE t_id_seq OWNED BY t.id;
ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_id_seq'::regclass);
CREATE SEQUENCE u_id_seq OWNED BY u.id;
ALTER TABLE u ALTER COLUMN id SET DEFAULT nextval('u_id_seq'::regclass);
