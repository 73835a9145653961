CREATE TABLE o (id int PRIMARY KEY, slug text, code text, area int);
CREATE TABLE m (o int REFERENCES o (id));
