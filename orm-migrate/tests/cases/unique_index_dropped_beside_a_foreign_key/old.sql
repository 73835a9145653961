CREATE TABLE o (id int PRIMARY KEY, slug text, code text, area int);
CREATE UNIQUE INDEX u ON o (slug);
CREATE UNIQUE INDEX partial ON o (id) WHERE area > 0;
CREATE UNIQUE INDEX expression ON o (lower(slug));
CREATE UNIQUE INDEX again ON o (id);
ALTER TABLE o ADD CONSTRAINT o_code_key UNIQUE (code);
ALTER TABLE o ADD CONSTRAINT later UNIQUE (id) DEFERRABLE;
CREATE TABLE m (o int REFERENCES o (id));
