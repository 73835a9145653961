//! Schemas, extensions, types, sequences, functions and views that come, go and change.

use crate::round_trip::{Case, check};
use orm_migrate::diff::diff;
use orm_migrate::plan::{HazardKind, plan};
use orm_migrate_test_support::{Live, all};

#[test]
fn schemas_and_extensions() {
    check(&[
        Case("a schema", "", "CREATE SCHEMA sales; COMMENT ON SCHEMA sales IS 'what we sell'"),
        Case(
            "a comment on a schema",
            "CREATE SCHEMA a",
            "CREATE SCHEMA a; COMMENT ON SCHEMA a IS 'x'",
        ),
        Case(
            "a table in a new schema",
            "",
            "CREATE SCHEMA \"Sales\"; CREATE TABLE \"Sales\".\"Order\" (id int PRIMARY KEY)",
        ),
        Case(
            "a schema that goes with its table",
            "CREATE SCHEMA a; CREATE TABLE a.t (id int); CREATE TYPE a.e AS ENUM ('x')",
            "",
        ),
        Case(
            "an extension and what needs it",
            "",
            "CREATE EXTENSION citext; CREATE TABLE t (id int PRIMARY KEY, email citext UNIQUE)",
        ),
        Case(
            "a column of an extension's type",
            "CREATE EXTENSION citext; CREATE TABLE t (id int PRIMARY KEY, email text); INSERT INTO t VALUES (1, 'a')",
            "CREATE EXTENSION citext; CREATE TABLE t (id int PRIMARY KEY, email citext)",
        ),
        Case(
            "an extension while partitions and tables that hold on to each other go",
            "CREATE TABLE e (at date) PARTITION BY RANGE (at); CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
             CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a)",
            "CREATE EXTENSION citext; CREATE TABLE e (at date) PARTITION BY RANGE (at)",
        ),
        Case(
            "an extension with a new column, an index and a default",
            "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)",
            "CREATE EXTENSION hstore; CREATE TABLE t (id int PRIMARY KEY, h hstore DEFAULT 'a=>1'); CREATE INDEX ON t USING gin (h)",
        ),
    ]);
}

#[test]
fn enums() {
    const T: &str = "CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'happy', ms mood[] DEFAULT '{sad}');
        INSERT INTO t VALUES (1, 'happy', '{happy}'), (2, 'sad', NULL);";
    let mood = |values: &str| format!("CREATE TYPE mood AS ENUM ({values}); {T}");
    let (two, three) = (mood("'sad', 'happy'"), mood("'sad', 'ok', 'happy'"));
    let first = mood("'awful', 'sad', 'happy', 'great', 'it''s fine'");
    let moved = mood("'happy', 'sad'");
    let checked = format!(
        "{two} ALTER TABLE t ADD CHECK (m <> 'sad' OR id > 1); CREATE INDEX ON t (id) WHERE m = 'happy'; CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'happy'"
    );
    let checked_more = format!(
        "{moved} ALTER TABLE t ADD CHECK (m <> 'sad' OR id > 1); CREATE INDEX ON t (id) WHERE m = 'happy'; CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'happy'"
    );
    let used = "CREATE TYPE mood AS ENUM ('sad', 'happy', 'new'); CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'new', ms mood[] DEFAULT '{sad}')";
    check(&[
        Case(
            "an enum",
            "",
            "CREATE TYPE mood AS ENUM ('sad', 'it''s', ''); COMMENT ON TYPE mood IS 'how it is'",
        ),
        Case("an enum without values", "", "CREATE TYPE mood AS ENUM ()"),
        Case("an enum and its column", "", &two),
        Case("a value in the middle", &two, &three),
        Case("values everywhere", &two, &first),
        Case("values change places", &two, &moved),
        Case("checks, indexes and views on a type that is made again", &checked, &checked_more),
        Case("a new value that is used at once", &two, used),
        Case(
            "text becomes an enum",
            "CREATE TABLE t (id int PRIMARY KEY, m text NOT NULL DEFAULT 'sad'); INSERT INTO t VALUES (1, 'happy')",
            "CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'sad')",
        ),
        Case(
            "in another schema, with capitals",
            "CREATE SCHEMA \"S\"; CREATE TYPE \"S\".\"Mood\" AS ENUM ('a', 'b'); CREATE TABLE t (m \"S\".\"Mood\" DEFAULT 'a')",
            "CREATE SCHEMA \"S\"; CREATE TYPE \"S\".\"Mood\" AS ENUM ('b', 'a', 'c'); CREATE TABLE t (m \"S\".\"Mood\" DEFAULT 'a')",
        ),
    ]);
}

#[test]
fn domains_and_composite_types() {
    check(&[
        Case(
            "a domain and its column",
            "",
            "CREATE DOMAIN email AS text COLLATE \"C\" DEFAULT 'a@b' NOT NULL CHECK (value ~ '@') CONSTRAINT short CHECK (length(value) < 50);
             COMMENT ON DOMAIN email IS 'where mail goes'; CREATE TABLE t (id int PRIMARY KEY, e email)",
        ),
        Case(
            "its rules change",
            "CREATE DOMAIN email AS text DEFAULT 'a@b' CHECK (value ~ '@') CONSTRAINT short CHECK (length(value) < 50); CREATE TABLE t (e email); INSERT INTO t VALUES ('x@y')",
            "CREATE DOMAIN email AS text NOT NULL CONSTRAINT short CHECK (length(value) < 90) CONSTRAINT small CHECK (value = lower(value)); CREATE TABLE t (e email)",
        ),
        Case("a domain over an enum", "", "CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS e CHECK (value <> 'b'); CREATE TABLE t (a d DEFAULT 'a')"),
        Case("a domain over another type, unused", "CREATE DOMAIN d AS text", "CREATE DOMAIN d AS integer CHECK (value > 0)"),
        Case(
            "a composite type and its column",
            "",
            "CREATE TYPE point3 AS (x float8, y float8, \"Z\" text COLLATE \"C\"); COMMENT ON TYPE point3 IS 'where'; CREATE TABLE t (id int, p point3, ps point3[])",
        ),
        Case(
            "its attributes come and go",
            "CREATE TYPE p AS (x float8, y float8); CREATE TABLE t (id int, p p); INSERT INTO t VALUES (1, ROW(1, 2))",
            "CREATE TYPE p AS (x float8, z text, w int); CREATE TABLE t (id int, p p)",
        ),
        Case("the type of an attribute changes", "CREATE TYPE p AS (x int, y int)", "CREATE TYPE p AS (x bigint, y text)"),
    ]);
}

#[test]
fn sequences() {
    check(&[
        Case(
            "sequences",
            "",
            "CREATE SEQUENCE a; CREATE SEQUENCE b AS smallint INCREMENT BY -2 MINVALUE -100 MAXVALUE 7 START WITH 5 CACHE 3 CYCLE; COMMENT ON SEQUENCE b IS 'x'",
        ),
        Case(
            "a default from a sequence",
            "",
            "CREATE SEQUENCE numbers START 100; CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('numbers'))",
        ),
        Case(
            "options come",
            "CREATE SEQUENCE s",
            "CREATE SEQUENCE s AS integer INCREMENT 5 MINVALUE 10 MAXVALUE 1000 START 20 CACHE 2 CYCLE",
        ),
        Case(
            "options go",
            "CREATE SEQUENCE s AS integer INCREMENT 5 MINVALUE 10 MAXVALUE 1000 START 20 CACHE 2 CYCLE",
            "CREATE SEQUENCE s",
        ),
        Case(
            "a default that is no longer from it",
            "CREATE SEQUENCE numbers; CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('numbers'))",
            "CREATE TABLE t (id bigint PRIMARY KEY)",
        ),
    ]);
}

#[test]
fn functions() {
    const TABLE: &str = "CREATE TABLE t (id int PRIMARY KEY, a int)";
    check(&[
        Case(
            "functions of every kind",
            "",
            "CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 1';
             CREATE FUNCTION one(a int, b text DEFAULT 'x''y') RETURNS TABLE (n int, s text) LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = '' AS $f$ BEGIN n := a; s := b; RETURN NEXT; END $f$;
             CREATE FUNCTION sum_of(VARIADIC numbers int[]) RETURNS int LANGUAGE sql RETURN (SELECT sum(n) FROM unnest(numbers) AS n);
             CREATE PROCEDURE nothing(INOUT a int) LANGUAGE plpgsql AS 'BEGIN END';
             COMMENT ON FUNCTION one() IS 'the one'",
        ),
        Case("a body changes", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql STABLE AS 'SELECT 2'"),
        Case("what it returns changes", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$"),
        Case("an argument gets another name", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        Case("overloads", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 2'", "CREATE FUNCTION f(a bigint) RETURNS int LANGUAGE sql AS 'SELECT 3'; CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 4'"),
        Case(
            "a default, a check and an index need one",
            "",
            "CREATE FUNCTION next_id() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION good(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
             CREATE TABLE t (id int PRIMARY KEY DEFAULT next_id(), a int CHECK (good(a))); CREATE INDEX ON t (good(id))",
        ),
        Case(
            "a check and an index on one that is made again",
            "CREATE FUNCTION good(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'; CREATE TABLE t (a int CONSTRAINT c CHECK (good(a))); CREATE INDEX i ON t (good(a)); INSERT INTO t VALUES (1)",
            "CREATE FUNCTION good(n int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT n > 0'; CREATE TABLE t (a int CONSTRAINT c CHECK (good(a))); CREATE INDEX i ON t (good(a))",
        ),
        Case("one that returns rows of a table", TABLE, "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE FUNCTION all_t() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT id, a FROM t; END"),
        Case("one that names what comes later", "", "CREATE TABLE t (id int PRIMARY KEY); CREATE FUNCTION count_t() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t'; CREATE VIEW v AS SELECT count_t() AS n"),
        Case("an enum in a signature is made again", "CREATE TYPE e AS ENUM ('a', 'b'); CREATE FUNCTION f(x e) RETURNS e LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (x e)", "CREATE TYPE e AS ENUM ('b', 'a'); CREATE FUNCTION f(x e) RETURNS e LANGUAGE sql AS 'SELECT x'; CREATE TABLE t (x e)"),
    ]);
}

#[test]
fn views() {
    const T: &str = "CREATE TABLE \"user\" (id int PRIMARY KEY, name varchar(20) NOT NULL, age int); INSERT INTO \"user\" VALUES (1, 'Ada', 36);";
    const WIDER: &str =
        "CREATE TABLE \"user\" (id bigint PRIMARY KEY, name varchar(20) NOT NULL, age int);";
    const VIEW: &str = "CREATE VIEW adult AS SELECT id, name FROM \"user\" WHERE age > 17; COMMENT ON VIEW adult IS 'grown'; GRANT SELECT ON adult TO pg_monitor; CREATE VIEW old AS SELECT id FROM adult WHERE id > 0;
        CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n, max(id) AS last FROM old; CREATE UNIQUE INDEX ON counted (n); COMMENT ON MATERIALIZED VIEW counted IS 'how many';";
    let (with, wider) = (format!("{T}{VIEW}"), format!("{WIDER}{VIEW}"));
    let another = format!(
        "{T} CREATE VIEW adult AS SELECT id, name, age FROM \"user\" WHERE age >= 18; CREATE VIEW old AS SELECT id FROM adult WHERE id > 0;"
    );
    let options = format!(
        "{T} CREATE VIEW adult WITH (security_barrier = true, security_invoker = true) AS SELECT id FROM \"user\" WITH LOCAL CHECK OPTION"
    );
    let plain = format!("{T} CREATE VIEW adult AS SELECT id FROM \"user\"");
    let materialized = format!("{T} CREATE MATERIALIZED VIEW adult AS SELECT id FROM \"user\"");
    let less = "CREATE TABLE \"user\" (id int PRIMARY KEY, name varchar(20) NOT NULL); CREATE VIEW adult AS SELECT id, name FROM \"user\"";
    let more = format!("{T} CREATE VIEW adult AS SELECT id, name FROM \"user\" WHERE age > 3");
    check(&[
        Case("views that stand on each other", T, &with),
        Case("the type of a column under views", &with, &wider),
        Case("another query under another view", &with, &another),
        Case("options", &plain, &options),
        Case("a view becomes a materialised one", &plain, &materialized),
        Case(
            "a table becomes a view",
            "CREATE TABLE v (id int)",
            "CREATE VIEW v AS SELECT 1 AS id",
        ),
        Case("a column that a view read goes", &more, less),
    ]);
}

/// What is refused of a change of the type of an array, in words.
async fn refused(before: &str, after: &str) -> Vec<String> {
    let place =
        |attributes: &str| format!("CREATE TYPE c AS ({attributes}); CREATE TABLE t (a c[])");
    let (live, goal) = (Live::with(&place(before)).await, Live::with(&place(after)).await);
    let (from, to) = (live.read().await, goal.read().await);
    let plan = plan(diff(&from, &to, &all(&from)), &from, &to);
    let refused = plan.hazards().filter(|hazard| hazard.kind == HazardKind::Refused);
    refused.map(|hazard| hazard.sentence.clone()).collect()
}

#[tokio::test]
async fn a_row_type_within_an_array_says_why_it_cannot_change() {
    let both = "column \"a\" of table \"t\" is an array of \"c\", of which some attributes come or go while others change: \
        make two migrations of that, for PostgreSQL does each of them alone";
    assert_eq!(refused("x int, y int", "x bigint, y int, z int").await, [both]);
    assert_eq!(refused("x int, y int", "x bigint").await, [both]);
    let moved = "column \"a\" of table \"t\" is an array of \"c\", whose attributes change places: \
        write this change by hand, with a new column";
    assert_eq!(refused("x int, y int", "y bigint, x int").await, [moved]);
    assert_eq!(refused("x int, y int", "x bigint, y int").await, [""; 0]);
    assert_eq!(refused("x int, y int", "x int, y int, z int").await, [""; 0]);
}
