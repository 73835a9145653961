CREATE TABLE z (id bigserial PRIMARY KEY);
CREATE TABLE b (id bigint DEFAULT nextval('z_id_seq') NOT NULL);
CREATE TABLE w (id int GENERATED ALWAYS AS IDENTITY, x int);
CREATE TABLE a_user (id int DEFAULT nextval('z_id_seq') NOT NULL, n int, m bigint DEFAULT nextval('w_id_seq'));
CREATE TABLE kept (id serial);
CREATE TABLE b2 (id serial, y bigint DEFAULT nextval('w_id_seq'), z int DEFAULT nextval('kept_id_seq'));
ALTER TABLE w ALTER x SET DEFAULT nextval('b2_id_seq');
