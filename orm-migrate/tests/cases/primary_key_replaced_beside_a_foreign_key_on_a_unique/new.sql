CREATE TABLE o (id int NOT NULL UNIQUE, slug text NOT NULL, PRIMARY KEY (id, slug));
CREATE TABLE m (o int REFERENCES o (id));
CREATE TABLE p (id int NOT NULL UNIQUE, slug text NOT NULL, PRIMARY KEY (id, slug));
CREATE TABLE n (p int REFERENCES p (id));
