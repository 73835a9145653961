CREATE SEQUENCE kept;
CREATE TABLE s (id serial);
ALTER TABLE s ALTER id DROP NOT NULL;
CREATE SEQUENCE fresh;
CREATE TABLE made (id text DEFAULT 'B' || nextval('fresh'));
ALTER SEQUENCE fresh OWNED BY made.id;
CREATE TABLE n (id int DEFAULT 7, again int);
CREATE SEQUENCE moved OWNED BY n.again;
