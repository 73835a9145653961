//! What stands on a column, a type or a function that changes: it steps aside and comes back.

use crate::round_trip::{Case, check};

const ALL: &str =
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

/// The same script twice, with another type of the column `a`.
fn retyped<'a>(
    name: &'a str,
    from: &str,
    to: &str,
    script: &str,
    made: &'a mut Vec<String>,
) -> Case<'a> {
    let of = |ty: &str| format!("{ALL} {}", script.replace("$TYPE", ty));
    made.push(of(from));
    made.push(of(to));
    let [before, after] = made.as_slice() else { panic!("two scripts") };
    Case(name, before, after)
}

#[test]
fn what_stands_on_a_column_follows_its_type() {
    const SCRIPTS: &[(&str, &str, &str, &str)] = &[
        (
            "UPDATE OF",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TABLE t IS 'x'",
        ),
        (
            "WHEN",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f()",
        ),
        (
            "WHEN with the whole row",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION f()",
        ),
        (
            "a policy of the table",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (a > 3)",
        ),
        (
            "a policy of another table",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE TABLE u (id int); ALTER TABLE u ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON u USING (EXISTS (SELECT FROM t WHERE t.a = u.id))",
        ),
        (
            "a generated column",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE, b bigint GENERATED ALWAYS AS (a * 2) STORED, UNIQUE (b)); CREATE INDEX ON t (b); INSERT INTO t VALUES (1, 2)",
        ),
        (
            "a view on a generated column",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE, b bigint GENERATED ALWAYS AS (a * 2) STORED); CREATE VIEW v AS SELECT b FROM t; INSERT INTO t VALUES (1, 2)",
        ),
        (
            "a policy on a generated column",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE, b bigint GENERATED ALWAYS AS (a * 2) STORED); CREATE POLICY p ON t USING (b > 4); CREATE TRIGGER g AFTER UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f(); INSERT INTO t VALUES (1, 2)",
        ),
        (
            "checks, indexes and exclusions",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE CHECK (a > 0), r int4range, EXCLUDE USING gist (r WITH &&) WHERE (a > 5)); CREATE INDEX ON t ((a + 1)); CREATE INDEX ON t (id) WHERE a > 7; INSERT INTO t VALUES (1, 2)",
        ),
        (
            "a chain of views",
            "varchar(5)",
            "varchar(9)",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE VIEW z AS SELECT a FROM t; CREATE VIEW y AS SELECT a FROM z; CREATE VIEW x AS SELECT z.a, y.a AS b FROM y, z; CREATE MATERIALIZED VIEW m AS SELECT a FROM x; CREATE UNIQUE INDEX ON m (a); CREATE VIEW w AS SELECT a FROM m; GRANT SELECT (a) ON w TO pg_monitor; GRANT INSERT ON z TO PUBLIC",
        ),
        (
            "a view that selects *",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT t FROM t",
        ),
        (
            "a function of SQL",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE FUNCTION g() RETURNS SETOF bigint BEGIN ATOMIC SELECT a FROM t; END",
        ),
        (
            "a function that returns the column's type",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE FUNCTION g(t) RETURNS bigint LANGUAGE sql AS 'SELECT $1.a'",
        ),
        (
            "statistics",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE STATISTICS s (dependencies) ON id, a FROM t",
        ),
        (
            "a foreign key and what it references",
            "int",
            "bigint",
            "CREATE TABLE p (a $TYPE PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a $TYPE REFERENCES p ON DELETE CASCADE); CREATE VIEW v AS SELECT t.a FROM t JOIN p ON p.a = t.a",
        ),
        (
            "a column of a partitioned table",
            "int",
            "bigint",
            "CREATE TABLE t (id int, a $TYPE) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE INDEX ON t (a); CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE VIEW v AS SELECT a FROM t1",
        ),
        (
            "a trigger on a partition",
            "int",
            "bigint",
            "CREATE TABLE t (id int, a $TYPE) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE TRIGGER g BEFORE UPDATE OF a ON t1 FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t1 ADD CHECK (a > 0); CREATE POLICY p ON t1 USING (a > 3)",
        ),
        (
            "a collation",
            "text",
            "text COLLATE \"C\"",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE, b text GENERATED ALWAYS AS (lower(a)) STORED); CREATE VIEW v AS SELECT a FROM t; CREATE POLICY p ON t USING (a > 'x'); CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()",
        ),
        (
            "a default that does not fit",
            "text",
            "int",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE DEFAULT '7' CHECK (a IS NOT NULL)); INSERT INTO t VALUES (1, '5')",
        ),
        (
            "a materialised view and its index",
            "int",
            "bigint",
            "CREATE TABLE t (id int PRIMARY KEY, a $TYPE); CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t WITH NO DATA; CREATE UNIQUE INDEX mi ON m (id); CREATE INDEX mj ON m ((a + 1)) WHERE id > 3; COMMENT ON MATERIALIZED VIEW m IS 'x'",
        ),
    ];
    let mut made: Vec<Vec<String>> = SCRIPTS.iter().map(|_| Vec::new()).collect();
    let cases: Vec<Case<'_>> = SCRIPTS
        .iter()
        .zip(&mut made)
        .map(|((name, from, to, script), made)| retyped(name, from, to, script, made))
        .collect();
    check(&cases);
}

#[test]
fn what_stands_on_a_column_that_goes() {
    check(&[
        Case(
            "a view that stays",
            "CREATE TABLE t (id int, a int, b int DEFAULT 3); CREATE VIEW v AS SELECT id, a FROM t; GRANT SELECT ON v TO pg_monitor",
            "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id, id AS a FROM t",
        ),
        Case(
            "a policy of another table",
            "CREATE TABLE t (id int, a int); CREATE TABLE u (id int); CREATE POLICY p ON u USING (id IN (SELECT a FROM t))",
            "CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE POLICY p ON u USING (id IN (SELECT t.id FROM t))",
        ),
        Case(
            "a generated column",
            "CREATE TABLE t (id int, a int, b int GENERATED ALWAYS AS (a + id) STORED)",
            "CREATE TABLE t (id int, b int GENERATED ALWAYS AS (id) STORED)",
        ),
        Case(
            "a check and an index over two",
            "CREATE TABLE t (id int, a int, b int, CHECK (a < b)); CREATE INDEX i ON t (b) WHERE a > 0; CREATE INDEX j ON t (b) INCLUDE (a); CREATE UNIQUE INDEX k ON t (b, a)",
            "CREATE TABLE t (id int, b int, CHECK (0 < b)); CREATE INDEX i ON t (b); CREATE INDEX j ON t (b) INCLUDE (id); CREATE UNIQUE INDEX k ON t (b)",
        ),
        Case(
            "a table that a policy reads",
            "CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE POLICY p ON u USING (id IN (SELECT t.id FROM t))",
            "CREATE TABLE u (id int); CREATE POLICY p ON u USING (id > 0)",
        ),
        Case(
            "a table that a view reads",
            "CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE VIEW v AS SELECT id FROM t",
            "CREATE TABLE u (id int); CREATE VIEW v AS SELECT id FROM u",
        ),
    ]);
}

#[test]
fn what_stands_on_a_function_that_is_made_again() {
    const T: &str = "CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT g(1) CHECK (g(a) > 0), b int GENERATED ALWAYS AS (g(a)) STORED, r int4range,
        EXCLUDE USING gist (r WITH &&) WHERE (g(id) > 0)); CREATE INDEX ON t (g(id)); CREATE INDEX ON t (id) WHERE g(a) > 2; CREATE POLICY p ON t USING (g(a) > 3);
        CREATE VIEW v AS SELECT g(a) AS x FROM t; CREATE DOMAIN d AS int DEFAULT g(2) CHECK (g(value) > 0); CREATE TABLE u (id d); INSERT INTO t (id) VALUES (1);
        CREATE TRIGGER w BEFORE UPDATE ON t FOR EACH ROW WHEN (g(new.a) > 3) EXECUTE FUNCTION f(); INSERT INTO u VALUES (4);";
    let of = |function: &str| format!("{ALL} {function}; {T}");
    let (one, another) = (
        of("CREATE FUNCTION g(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'"),
        of("CREATE FUNCTION g(b int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1'"),
    );
    let body = of("CREATE FUNCTION g(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1'");
    let trigger = |name: &str| {
        format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int); CREATE TRIGGER w BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    };
    let (f, g) = (trigger("f"), trigger("g"));
    check(&[
        Case("only the body", &one, &body),
        Case("all that can call it", &one, &another),
        Case("the function of a trigger", &f, &g),
        Case(
            "a default",
            "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id int DEFAULT g()); INSERT INTO t DEFAULT VALUES",
            "CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE TABLE t (id int DEFAULT g())",
        ),
        Case(
            "a default of a new column",
            "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id int); INSERT INTO t DEFAULT VALUES",
            "CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'; CREATE TABLE t (id int, b bigint DEFAULT g())",
        ),
        Case(
            "functions that call each other",
            "CREATE FUNCTION a(x int) RETURNS int IMMUTABLE LANGUAGE sql RETURN x; CREATE FUNCTION b(x int) RETURNS int IMMUTABLE LANGUAGE sql RETURN a(x); CREATE TABLE t (id int CHECK (b(id) > 0))",
            "CREATE FUNCTION a(y int) RETURNS int IMMUTABLE LANGUAGE sql RETURN y; CREATE FUNCTION b(x int) RETURNS int IMMUTABLE LANGUAGE sql RETURN a(x); CREATE TABLE t (id int CHECK (b(id) > 0))",
        ),
        Case(
            "it goes with its default",
            "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id int DEFAULT g() CHECK (id > g()))",
            "CREATE TABLE t (id int)",
        ),
        Case(
            "a function that reads a view over it, while a trigger is on it",
            "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql BEGIN ATOMIC SELECT * FROM v; END; CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER x BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION g(); CREATE POLICY y ON t USING (a > 1); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql BEGIN ATOMIC SELECT * FROM v; END; CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER x BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION g(); CREATE POLICY y ON t USING (a > 1)",
        ),
    ]);
}

#[test]
fn what_stands_on_an_enum_that_is_made_again() {
    let mood =
        |values: &str, rest: &str| format!("{ALL} CREATE TYPE mood AS ENUM ({values}); {rest}");
    const RESTS: &[(&str, &str)] = &[
        (
            "a domain",
            "CREATE DOMAIN d AS mood DEFAULT 'ok' CHECK (value <> 'sad'); CREATE TABLE t (id int, a d, b mood)",
        ),
        ("a composite type", "CREATE TYPE c AS (m mood, n int); CREATE TABLE t (id int, a mood)"),
        (
            "an array",
            "CREATE TABLE t (id int, a mood[] DEFAULT '{ok}', b mood[] DEFAULT ARRAY['ok'::mood])",
        ),
        (
            "functions",
            "CREATE FUNCTION g(mood) RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE TABLE t (id int, a mood CHECK (g(a) <> 'sad'), b mood DEFAULT g('ok'))",
        ),
        (
            "views",
            "CREATE TABLE t (id int, a mood); CREATE VIEW v AS SELECT id FROM t WHERE a = 'ok'; CREATE VIEW w AS SELECT 'ok'::mood AS x; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE INDEX ON m (a)",
        ),
        (
            "a column of partitions",
            "CREATE TABLE t (id int, a mood DEFAULT 'ok') PARTITION BY LIST (id); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); INSERT INTO t VALUES (1, 'ok')",
        ),
        (
            "policies and triggers",
            "CREATE TABLE t (id int, a mood); CREATE POLICY p ON t USING (a = 'ok'); CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (new.a = 'ok') EXECUTE FUNCTION f()",
        ),
        (
            "generated columns",
            "CREATE TABLE t (id int, a mood, b boolean GENERATED ALWAYS AS (a = 'ok') STORED, c mood GENERATED ALWAYS AS (CASE WHEN id > 3 THEN 'ok'::mood END) STORED); INSERT INTO t VALUES (1, 'ok')",
        ),
        (
            "indexes and exclusions",
            "CREATE TABLE t (id int, a mood UNIQUE, r int4range, EXCLUDE USING gist (r WITH &&) WHERE (a = 'ok')); CREATE INDEX ON t (id) WHERE a = 'ok'; CREATE INDEX ON t ((a = 'ok')); CREATE INDEX ON t ((id > 3)) WHERE a IN ('ok', 'fine')",
        ),
        (
            "a foreign key",
            "CREATE TABLE p (a mood PRIMARY KEY); CREATE TABLE t (id int, a mood DEFAULT 'ok' REFERENCES p); INSERT INTO p VALUES ('ok'); INSERT INTO t VALUES (1, 'ok')",
        ),
        (
            "a check in another table",
            "CREATE TABLE t (id int, a mood); CREATE TABLE u (id text CHECK (id::mood = 'ok'), n int DEFAULT length('ok'::mood::text))",
        ),
        ("a default of text", "CREATE TABLE t (id int, a text DEFAULT 'ok'::mood::text)"),
    ];
    let scripts: Vec<_> = RESTS
        .iter()
        .map(|(name, rest)| {
            (*name, mood("'sad', 'ok', 'fine', 'odd'", rest), mood("'ok', 'sad', 'fine'", rest))
        })
        .collect();
    let cases: Vec<Case<'_>> =
        scripts.iter().map(|(name, one, another)| Case(name, one, another)).collect();
    check(&cases);
}

#[test]
fn what_stands_on_other_types_that_are_made_again() {
    check(&[
        Case(
            "a domain in use gets another type",
            "CREATE DOMAIN d AS varchar(5); CREATE TABLE t (id int, a d DEFAULT 'x' CHECK (a <> '')); CREATE INDEX ON t (a); INSERT INTO t VALUES (1, 'x')",
            "CREATE DOMAIN d AS text CHECK (value <> ''); CREATE TABLE t (id int, a d DEFAULT 'x' CHECK (a <> '')); CREATE INDEX ON t (a)",
        ),
        Case(
            "a composite type in use gets its attributes in another order",
            "CREATE TYPE c AS (x int, y int); CREATE TABLE t (id int, a c); CREATE FUNCTION g(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).x'",
            "CREATE TYPE c AS (y int, x int); CREATE TABLE t (id int, a c); CREATE FUNCTION g(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).x'",
        ),
        Case(
            "the type of an attribute in use changes",
            "CREATE TYPE c AS (x int, y int); CREATE TABLE t (id int, a c); INSERT INTO t VALUES (1, ROW(1, 2))",
            "CREATE TYPE c AS (x bigint, y int); CREATE TABLE t (id int, a c)",
        ),
        Case(
            "a domain within arrays and rows refuses more",
            "CREATE DOMAIN d AS int DEFAULT 3; CREATE TYPE c AS (x d); CREATE TABLE t (id int, a d, b d[] DEFAULT '{1}', e c); INSERT INTO t VALUES (1, 4, '{5,6}', ROW(7))",
            "CREATE DOMAIN d AS int CHECK (value > 0) NOT NULL; CREATE TYPE c AS (x d); CREATE TABLE t (id int, a d, b d[] DEFAULT '{1}', e c)",
        ),
        Case(
            "a column goes with the values that an enum loses",
            "CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (id int, a e, b e NOT NULL DEFAULT 'b'); INSERT INTO t VALUES (1, 'a', 'b')",
            "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (id int, a e)",
        ),
        Case(
            "an enum becomes a domain",
            "CREATE TYPE d AS ENUM ('a', 'b'); CREATE TABLE t (id int, a d DEFAULT 'a'); INSERT INTO t VALUES (1, 'a')",
            "CREATE DOMAIN d AS text CHECK (value IN ('a', 'b')); CREATE TABLE t (id int, a d DEFAULT 'a')",
        ),
    ]);
}

#[test]
fn names_that_go_from_one_kind_to_another() {
    check(&[
        Case(
            "a table becomes a view",
            "CREATE TABLE t (id int); CREATE TABLE u (id int)",
            "CREATE TABLE u (id int); CREATE VIEW t AS SELECT id FROM u",
        ),
        Case("a table becomes a sequence", "CREATE TABLE t (id int)", "CREATE SEQUENCE t"),
        Case(
            "a view becomes a materialised one that another reads",
            "CREATE TABLE u (id int); CREATE VIEW v AS SELECT id FROM u; CREATE VIEW w AS SELECT id FROM v",
            "CREATE TABLE u (id int); CREATE MATERIALIZED VIEW v AS SELECT id FROM u; CREATE VIEW w AS SELECT id FROM v",
        ),
        Case(
            "an index becomes a table",
            "CREATE TABLE t (id int); CREATE INDEX x ON t (id)",
            "CREATE TABLE t (id int); CREATE TABLE x (id int)",
        ),
        Case(
            "an index becomes a view",
            "CREATE TABLE t (id int); CREATE INDEX x ON t (id)",
            "CREATE TABLE t (id int); CREATE VIEW x AS SELECT id FROM t",
        ),
        Case(
            "a table takes the name of another's index and it that of the table",
            "CREATE TABLE t (id int); CREATE INDEX x ON t (id)",
            "CREATE TABLE x (id int); CREATE INDEX t ON x (id)",
        ),
        Case(
            "a unique constraint becomes an index that a foreign key needs",
            "CREATE TABLE p (a int CONSTRAINT k UNIQUE); CREATE TABLE c (a int REFERENCES p (a))",
            "CREATE TABLE p (a int); CREATE UNIQUE INDEX k ON p (a); CREATE TABLE c (a int REFERENCES p (a))",
        ),
        Case(
            "a primary key moves to another column under a foreign key",
            "CREATE TABLE p (id int PRIMARY KEY, b int NOT NULL UNIQUE); CREATE TABLE c (p int REFERENCES p (id))",
            "CREATE TABLE p (id int NOT NULL UNIQUE, b int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p (id))",
        ),
        Case(
            "a partition becomes one of another table",
            "CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE u (id int) PARTITION BY LIST (id); CREATE TABLE x PARTITION OF t FOR VALUES IN (1); INSERT INTO x VALUES (1)",
            "CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE u (id int) PARTITION BY LIST (id); CREATE TABLE x PARTITION OF u FOR VALUES IN (1)",
        ),
        Case(
            "partitions swap their bounds",
            "CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE x PARTITION OF t FOR VALUES IN (1); CREATE TABLE y PARTITION OF t FOR VALUES IN (2)",
            "CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE x PARTITION OF t FOR VALUES IN (2); CREATE TABLE y PARTITION OF t FOR VALUES IN (1)",
        ),
        Case(
            "a column goes with its sequence, which another takes",
            "CREATE SEQUENCE s; CREATE TABLE t (id int, a int DEFAULT nextval('s'))",
            "CREATE SEQUENCE s; CREATE TABLE t (id int, b int DEFAULT nextval('s'))",
        ),
        Case(
            "a generated column becomes a plain one that another is generated from",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (b) STORED)",
        ),
        Case(
            "plain and generated swap",
            "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) STORED); INSERT INTO t VALUES (1)",
            "CREATE TABLE t (b int, a int GENERATED ALWAYS AS (b) STORED)",
        ),
        Case(
            "a function takes the type that a table makes",
            "CREATE TABLE t (id int)",
            "CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE FUNCTION g(u) RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t'; CREATE TABLE v (x u, CHECK ((x).id > 0))",
        ),
        Case(
            "a column of a table's own row type",
            "CREATE TABLE t (id int); CREATE TABLE u (x t, y t[])",
            "CREATE TABLE u (z int)",
        ),
        Case(
            "a table of a new schema replaces one of an old one",
            "CREATE SCHEMA a; CREATE TABLE a.t (id int PRIMARY KEY); CREATE TABLE c (t int REFERENCES a.t)",
            "CREATE SCHEMA b; CREATE TABLE b.t (id int PRIMARY KEY); CREATE TABLE c (t int REFERENCES b.t)",
        ),
    ]);
}
