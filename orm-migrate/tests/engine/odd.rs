//! Odd pairs: what other tools are known to stumble over, and what nobody would write on purpose.

use crate::round_trip::{Case, check};

#[test]
fn parts_that_become_other_parts() {
    check(&[
        Case(
            "a unique constraint becomes a unique index",
            "CREATE TABLE t (a int CONSTRAINT k UNIQUE); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (a int); CREATE UNIQUE INDEX k ON t (a)",
        ),
        Case(
            "a unique index that a foreign key stands on becomes the primary key",
            "CREATE TABLE p (a int NOT NULL); CREATE UNIQUE INDEX k ON p (a); CREATE TABLE c (a int REFERENCES p (a)); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)",
            "CREATE TABLE p (a int CONSTRAINT k PRIMARY KEY); CREATE TABLE c (a int REFERENCES p (a))",
        ),
        Case(
            "a check becomes NOT NULL",
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a IS NOT NULL)); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (a int NOT NULL)",
        ),
        Case(
            "a default becomes a generated column",
            "CREATE TABLE t (a int, b int DEFAULT 3); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 3) STORED)",
        ),
        Case(
            "a generated column with an index and a view becomes plain",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED UNIQUE); CREATE VIEW v AS SELECT b FROM t; INSERT INTO t VALUES (1)",
            "CREATE TABLE t (a int, b int UNIQUE); CREATE VIEW v AS SELECT b FROM t",
        ),
        Case(
            "serial becomes an identity and another column a serial",
            "CREATE TABLE t (a serial, b int); INSERT INTO t (b) VALUES (1)",
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b serial)",
        ),
        Case(
            "two columns swap their types",
            "CREATE TABLE t (a int, b text DEFAULT '3', CHECK (a > 0)); INSERT INTO t VALUES (1, '2')",
            "CREATE TABLE t (a text, b int DEFAULT 3, CHECK (b > 0))",
        ),
        Case(
            "a key gets an INCLUDE under a foreign key",
            "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE c (a int REFERENCES p); INSERT INTO p VALUES (1, 1); INSERT INTO c VALUES (1)",
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a) INCLUDE (b)); CREATE TABLE c (a int REFERENCES p)",
        ),
        Case(
            "a deferrable key in a circle",
            "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b",
            "CREATE TABLE a (id bigint PRIMARY KEY, b bigint); CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a DEFERRABLE INITIALLY DEFERRED); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b",
        ),
        Case(
            "a table references itself and its type changes",
            "CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t ON DELETE SET NULL); INSERT INTO t VALUES (1, NULL), (2, 1)",
            "CREATE TABLE t (id bigint PRIMARY KEY, parent bigint REFERENCES t ON DELETE SET NULL)",
        ),
        Case(
            "an exclusion over a column whose type changes",
            "CREATE TABLE t (r int4range, k int, EXCLUDE USING gist (r WITH &&) WHERE (k > 3)); INSERT INTO t VALUES ('[1,2)', 4)",
            "CREATE TABLE t (r int4range, k bigint, EXCLUDE USING gist (r WITH &&) WHERE (k > 4))",
        ),
        Case(
            "replaced by parts of the same names",
            "CREATE TABLE t (a int, b int, CONSTRAINT x UNIQUE (a), CONSTRAINT y CHECK (b > 0)); CREATE INDEX z ON t (b)",
            "CREATE TABLE t (a int, b int, CONSTRAINT y UNIQUE (a), CONSTRAINT z CHECK (b > 0)); CREATE INDEX x ON t (b)",
        ),
        Case(
            "a trigger and a policy of one name",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int); CREATE TRIGGER x BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY x ON t USING (a > 1); CREATE INDEX x ON t (a)",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a bigint); CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY x ON t FOR SELECT USING (a > 2); CREATE UNIQUE INDEX x ON t (a)",
        ),
        Case(
            "a column that all name like its table",
            "CREATE TABLE t (t int PRIMARY KEY, CONSTRAINT c CHECK (t > 0)); CREATE VIEW v AS SELECT t.t FROM t; CREATE POLICY t ON t USING (t > 0)",
            "CREATE TABLE t (t bigint PRIMARY KEY, CONSTRAINT c CHECK (t > 0)); CREATE VIEW v AS SELECT t.t FROM t; CREATE POLICY t ON t USING (t > 0)",
        ),
    ]);
}

#[test]
fn types_and_what_stands_on_them_come_and_go_together() {
    check(&[
        Case(
            "an enum and its domain, table, function and view at once",
            "",
            "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e DEFAULT 'a'; CREATE TYPE c AS (d d, es e[]); CREATE TABLE t (x c, y d[]); CREATE FUNCTION f(c) RETURNS e LANGUAGE sql RETURN ($1).d; CREATE VIEW v AS SELECT f(x) FROM t",
        ),
        Case(
            "they go at once",
            "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS e DEFAULT 'a'; CREATE TYPE c AS (d d, es e[]); CREATE TABLE t (x c, y d[]); CREATE FUNCTION f(c) RETURNS e LANGUAGE sql RETURN ($1).d; CREATE VIEW v AS SELECT f(x) FROM t",
            "",
        ),
        Case(
            "text becomes an enum that is new, and back",
            "CREATE TABLE t (id int, a text NOT NULL DEFAULT 'x' CHECK (a IN ('x', 'y'))); CREATE INDEX ON t (a); CREATE VIEW v AS SELECT a FROM t; INSERT INTO t VALUES (1, 'y')",
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (id int, a e NOT NULL DEFAULT 'x'); CREATE INDEX ON t (a); CREATE VIEW v AS SELECT a FROM t",
        ),
        Case(
            "a column goes from one enum to another",
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TYPE f AS ENUM ('y', 'x'); CREATE TABLE t (id int, a e DEFAULT 'x', b e[]); INSERT INTO t VALUES (1, 'y', '{x}')",
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TYPE f AS ENUM ('y', 'x'); CREATE TABLE t (id int, a f DEFAULT 'x', b f[])",
        ),
        Case(
            "an enum moves to another schema",
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (id int, a e DEFAULT 'x'); INSERT INTO t VALUES (1, 'y')",
            "CREATE SCHEMA s; CREATE TYPE s.e AS ENUM ('x', 'y'); CREATE TABLE t (id int, a s.e DEFAULT 'x')",
        ),
        Case(
            "two enums are made again at once",
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TYPE f AS ENUM ('u', 'v'); CREATE TABLE t (a e, b f, c e DEFAULT 'x', CHECK (a = 'x' OR b = 'u')); CREATE VIEW v AS SELECT a, b FROM t; INSERT INTO t VALUES ('x', 'u')",
            "CREATE TYPE e AS ENUM ('y', 'x'); CREATE TYPE f AS ENUM ('v', 'u'); CREATE TABLE t (a e, b f, c e DEFAULT 'x', CHECK (a = 'x' OR b = 'u')); CREATE VIEW v AS SELECT a, b FROM t",
        ),
        Case(
            "a value comes and another goes",
            "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (id int, a e DEFAULT 'x'); INSERT INTO t VALUES (1, 'x')",
            "CREATE TYPE e AS ENUM ('z', 'x'); CREATE TABLE t (id int, a e DEFAULT 'z', b e DEFAULT 'z')",
        ),
        Case(
            "a domain over a domain is made again",
            "CREATE DOMAIN a AS varchar(5); CREATE DOMAIN b AS a CHECK (value <> ''); CREATE TABLE t (x a, y b, z b DEFAULT 'q'); INSERT INTO t VALUES ('1', '2', '3')",
            "CREATE DOMAIN a AS varchar(9); CREATE DOMAIN b AS a CHECK (value <> ''); CREATE TABLE t (x a, y b, z b DEFAULT 'q')",
        ),
        Case(
            "a domain goes, its columns stay",
            "CREATE DOMAIN d AS text CHECK (value <> ''); CREATE TABLE t (a d NOT NULL DEFAULT 'x', b d[]); CREATE INDEX ON t (a); INSERT INTO t VALUES ('y', '{z}')",
            "CREATE TABLE t (a text NOT NULL DEFAULT 'x', b text[]); CREATE INDEX ON t (a)",
        ),
        Case(
            "a row type loses an attribute within a domain and a function",
            "CREATE TYPE c AS (x int, y int); CREATE TABLE t (id int, a c, b c[]); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).x'; CREATE VIEW v AS SELECT (a).x FROM t; INSERT INTO t VALUES (1, ROW(1, 2), NULL)",
            "CREATE TYPE c AS (x int); CREATE TABLE t (id int, a c, b c[]); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).x'; CREATE VIEW v AS SELECT (a).x FROM t",
        ),
        Case(
            "odd names",
            "CREATE SCHEMA \"S s\"; CREATE TYPE \"S s\".\"E \"\" e\" AS ENUM ('x', 'it''s'); CREATE TABLE \"S s\".\"T t\" (\"a \"\" a\" \"S s\".\"E \"\" e\" DEFAULT 'it''s', b \"S s\".\"E \"\" e\"[]); CREATE VIEW \"S s\".\"V v\" AS SELECT \"a \"\" a\" FROM \"S s\".\"T t\"; INSERT INTO \"S s\".\"T t\" VALUES ('x', '{x}')",
            "CREATE SCHEMA \"S s\"; CREATE TYPE \"S s\".\"E \"\" e\" AS ENUM ('it''s', 'x'); CREATE TABLE \"S s\".\"T t\" (\"a \"\" a\" \"S s\".\"E \"\" e\" DEFAULT 'it''s', b \"S s\".\"E \"\" e\"[]); CREATE VIEW \"S s\".\"V v\" AS SELECT \"a \"\" a\" FROM \"S s\".\"T t\"",
        ),
    ]);
}

#[test]
fn views_over_all_that_changes() {
    check(&[
        Case(
            "a view grouped by a key that is made again",
            "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id; INSERT INTO t VALUES (1, 'x')",
            "CREATE TABLE t (id int, a text, PRIMARY KEY (id) INCLUDE (a)); CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id",
        ),
        Case(
            "a view grouped by a key whose type changes",
            "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id; INSERT INTO t VALUES (1, 'x')",
            "CREATE TABLE t (id bigint PRIMARY KEY, a text); CREATE VIEW v AS SELECT id, a, count(*) AS n FROM t GROUP BY id",
        ),
        Case(
            "views, functions and rows of views",
            "CREATE TABLE t (id int, a int); CREATE VIEW v AS SELECT id, a FROM t; CREATE FUNCTION f(v) RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'; CREATE VIEW w AS SELECT (f(v)).id FROM v; CREATE FUNCTION g() RETURNS SETOF w LANGUAGE sql BEGIN ATOMIC SELECT id FROM w; END",
            "CREATE TABLE t (id int, a bigint); CREATE VIEW v AS SELECT id, a FROM t; CREATE FUNCTION f(v) RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'; CREATE VIEW w AS SELECT (f(v)).id FROM v; CREATE FUNCTION g() RETURNS SETOF w LANGUAGE sql BEGIN ATOMIC SELECT id FROM w; END",
        ),
        Case(
            "a view over a table that is divided anew",
            "CREATE TABLE t (id int, a int); CREATE VIEW v AS SELECT id FROM t; CREATE TABLE u (id int); CREATE POLICY p ON u USING (id IN (SELECT t.id FROM t)); CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT id FROM t; END",
            "CREATE TABLE t (id int, a int) PARTITION BY HASH (id); CREATE VIEW v AS SELECT id FROM t; CREATE TABLE u (id int); CREATE POLICY p ON u USING (id IN (SELECT t.id FROM t)); CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT id FROM t; END",
        ),
        Case(
            "a view with a WITH, a UNION and a window",
            "CREATE TABLE t (id int, a int); CREATE VIEW v AS WITH x AS (SELECT a FROM t) SELECT a, row_number() OVER (ORDER BY a) AS n FROM x UNION SELECT id, 0 FROM t",
            "CREATE TABLE t (id int, a bigint); CREATE VIEW v AS WITH x AS (SELECT a FROM t) SELECT a, row_number() OVER (ORDER BY a) AS n FROM x UNION SELECT id, 0 FROM t",
        ),
        Case(
            "a materialised view that others read loses a column",
            "CREATE TABLE t (id int, a int); CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t; CREATE UNIQUE INDEX k ON m (id); CREATE VIEW v AS SELECT id FROM m; CREATE MATERIALIZED VIEW n AS SELECT id FROM v; CREATE INDEX ON n (id)",
            "CREATE TABLE t (id int, a int); CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE UNIQUE INDEX k ON m (id); CREATE VIEW v AS SELECT id FROM m; CREATE MATERIALIZED VIEW n AS SELECT id FROM v; CREATE INDEX ON n (id)",
        ),
        Case(
            "the indexes of a materialised view change",
            "CREATE TABLE t (id int, a int); CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t; CREATE UNIQUE INDEX k ON m (id); CREATE INDEX i ON m (a)",
            "CREATE TABLE t (id int, a int); CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t; CREATE UNIQUE INDEX k ON m (id, a); CREATE INDEX j ON m ((a + 1))",
        ),
        Case(
            "recursive",
            "CREATE TABLE t (id int, parent int); CREATE VIEW v AS WITH RECURSIVE x AS (SELECT id, parent FROM t UNION ALL SELECT t.id, x.parent FROM t JOIN x ON x.id = t.parent) SELECT id, parent FROM x",
            "CREATE TABLE t (id bigint, parent bigint); CREATE VIEW v AS WITH RECURSIVE x AS (SELECT id, parent FROM t UNION ALL SELECT t.id, x.parent FROM t JOIN x ON x.id = t.parent) SELECT id, parent FROM x",
        ),
    ]);
}

#[test]
fn partitions_with_all_that_stands_on_them() {
    const P: &str =
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    let divided = |columns: &str, more: &str| {
        format!(
            "{P} CREATE TABLE p (id int, {columns}) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY HASH (id); CREATE TABLE p2a PARTITION OF p2 FOR VALUES WITH (MODULUS 1, REMAINDER 0); {more} INSERT INTO p (id) VALUES (1), (20);"
        )
    };
    const MORE: &str = "CREATE INDEX ON p (a); CREATE INDEX ON p1 ((a + 1)); ALTER TABLE p2a ADD CONSTRAINT c CHECK (a > 0 OR a IS NULL); CREATE TRIGGER g BEFORE UPDATE OF a ON p FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER h AFTER UPDATE OF a ON p2a FOR EACH ROW WHEN (new.a > 3) EXECUTE FUNCTION f(); CREATE POLICY o ON p2a USING (a > 3); CREATE VIEW v AS SELECT a FROM p2a; CREATE VIEW w AS SELECT p1.a FROM p1 JOIN p ON p.id = p1.id;";
    let (one, two) = (divided("a int", MORE), divided("a bigint", MORE));
    let without = divided("b int DEFAULT 3", "CREATE VIEW v AS SELECT id AS a FROM p2a;");
    let with = divided(
        "a int, b int DEFAULT 3",
        "CREATE INDEX ON p1 (a); ALTER TABLE p2a ADD CHECK (a > 0); CREATE VIEW v AS SELECT id AS a FROM p2a;",
    );
    let mood = |values: &str| {
        format!(
            "CREATE TYPE mood AS ENUM ({values}); {}",
            divided(
                "a mood DEFAULT 'ok'",
                "CREATE INDEX ON p1 (a) WHERE a = 'ok'; ALTER TABLE p2a ADD CONSTRAINT c CHECK (a <> 'sad'); CREATE VIEW v AS SELECT a FROM p2a; CREATE TRIGGER h AFTER UPDATE OF a ON p2a FOR EACH ROW EXECUTE FUNCTION f();"
            )
        )
    };
    let (mood, moved) = (mood("'sad', 'ok'"), mood("'ok', 'sad'"));
    check(&[
        Case("the type of a column", &one, &two),
        Case("a column goes", &with, &without),
        Case("an enum is made again", &mood, &moved),
    ]);
}
