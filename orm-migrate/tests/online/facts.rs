//! What tables hold: sizes, and the rows that a change would fail on, with a query that shows them.

use crate::support::{Case, FILLED, run, version};
use orm_migrate::change::ObjectName;
use orm_migrate::plan::{Sizes, Thresholds};
use orm_migrate::preflight::{self, Findings};
use orm_test_support::is_known_to;
use std::time::Duration;

async fn found(from: &str, change: &str) -> (Case, Findings) {
    let case = Case::new(from, change).await;
    let checks = preflight::checks(&case.changes, case.before.schema());
    let asked = preflight::failing(&case.connection, &checks, preflight::CHECK_TIMEOUT).await;
    (case, asked.expect("an answer"))
}

/// The rows are said with their number, the query gives as many (or up to 20), and the plain form does fail.
async fn check(from: &str, change: &str, sentence: &str, shown: usize) {
    let (case, findings) = found(from, change).await;
    assert_eq!(findings.unknown, Vec::<String>::new());
    let [failing] = findings.failing.as_slice() else { panic!("{change}: {findings:?}") };
    assert_eq!(failing.sentence, sentence);
    let rows = case.connection.query::<orm_core::exec::DriverRow>(&failing.query, &[]).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}\n{}", failing.query));
    assert_eq!(rows.len(), shown, "{}", failing.query);
    let up = case.plain().up_sql();
    assert!(
        case.connection.batch_execute(&format!("BEGIN; {up}; ROLLBACK")).await.is_err(),
        "{up}"
    );
    run(&case.connection, "ROLLBACK").await;
}

/// Nothing is found, and the plain form does not fail.
async fn check_fine(from: &str, change: &str) {
    let (case, findings) = found(from, change).await;
    assert_eq!((findings.unknown, findings.failing), (Vec::new(), Vec::new()), "{change}");
    run(&case.connection, &format!("BEGIN; {}; ROLLBACK", case.plain().up_sql())).await;
}

const SMALL: &str = "CREATE TABLE p (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
    CREATE TABLE t (id int PRIMARY KEY, a int, b text, x int, y int);
    INSERT INTO p VALUES (1, 1, 1), (2, 2, 2);
    INSERT INTO t VALUES (1, 1, 'one', 1, 1), (2, 1, 'two', 2, 9), (3, NULL, NULL, NULL, 9), (4, NULL, 'ONE', NULL, NULL);";

#[tokio::test]
async fn nulls_are_counted_before_not_null() {
    let change = "DELETE FROM t; ALTER TABLE t ALTER a SET NOT NULL";
    check(SMALL, change, "2 rows of table \"t\" have NULL in column \"a\"", 2).await;
    let change = "DELETE FROM t; ALTER TABLE t ALTER b SET NOT NULL";
    check(SMALL, change, "1 row of table \"t\" has NULL in column \"b\"", 1).await;
    check_fine(SMALL, "ALTER TABLE t ALTER id DROP IDENTITY IF EXISTS, ALTER a SET DEFAULT 0")
        .await;
}

#[tokio::test]
async fn a_default_that_breaks_the_check_of_its_column_is_counted_in_rows() {
    let said = "4 rows of table \"t\" do not satisfy check \"k\": (c > id)";
    let change =
        "DELETE FROM t; ALTER TABLE t ADD c int DEFAULT 0, ADD CONSTRAINT k CHECK (c > id)";
    check(SMALL, change, said, 4).await;
    let said = "4 rows of table \"t\" do not satisfy check \"k\": (c IS NOT NULL)";
    let change =
        "DELETE FROM t; ALTER TABLE t ADD c varchar(9), ADD CONSTRAINT k CHECK (c IS NOT NULL)";
    check(SMALL, change, said, 4).await;
    check_fine(SMALL, "ALTER TABLE t ADD c int, ADD CONSTRAINT k CHECK (c > 0)").await;
    check_fine(SMALL, "ALTER TABLE t ADD c text DEFAULT 'x', ADD CONSTRAINT k CHECK (c <> b)")
        .await;
}

#[tokio::test]
async fn a_column_without_a_value_is_counted_in_rows() {
    let said = "4 rows of table \"t\" would have no value for the new column \"c\", which is NOT NULL and has no default";
    check(SMALL, "DELETE FROM t; ALTER TABLE t ADD c int NOT NULL", said, 4).await;
    check_fine(SMALL, "ALTER TABLE t ADD c int NOT NULL DEFAULT 0").await;
    check_fine(&format!("{SMALL} DELETE FROM t"), "ALTER TABLE t ADD c int NOT NULL").await;
}

#[tokio::test]
async fn keys_that_are_there_twice_are_counted_before_unique() {
    let change = "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)";
    check(SMALL, change, "1 key (\"a\") is in several rows of table \"t\"", 1).await;
    let change = "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a)";
    if is_known_to(version().await, change) {
        check(SMALL, change, "2 keys (\"a\") are in several rows of table \"t\" each", 2).await;
    }
    let change = "DELETE FROM t; CREATE UNIQUE INDEX k ON t (lower(b))";
    check(SMALL, change, "1 key (lower(b)) is in several rows of table \"t\"", 1).await;
    check_fine(SMALL, "CREATE UNIQUE INDEX k ON t (a) WHERE id > 1").await;
    check_fine(SMALL, "ALTER TABLE t ADD CONSTRAINT k UNIQUE (b, a)").await;
    let twice = "CREATE TABLE t (id int NOT NULL); INSERT INTO t VALUES (1), (1), (2), (2), (3)";
    let change = "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id)";
    check(twice, change, "2 keys (\"id\") are in several rows of table \"t\" each", 2).await;
}

#[tokio::test]
async fn orphans_are_counted_before_a_foreign_key() {
    let change =
        "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (x, y)";
    check(SMALL, change, "1 row of table \"t\" references no row of \"p\" by (\"x\", \"y\")", 1)
        .await;
    check_fine(SMALL, "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES p").await;
    let change = "DELETE FROM t; CREATE TABLE n (id int PRIMARY KEY); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES n";
    check(SMALL, change, "2 rows of table \"t\" reference no row of \"n\" by (\"a\")", 2).await;
}

#[tokio::test]
async fn rows_that_do_not_satisfy_a_check_are_counted() {
    let change = "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)";
    check(SMALL, change, "2 rows of table \"t\" do not satisfy check \"c\": (a > 1)", 2).await;
    check_fine(SMALL, "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)").await;
    check_fine(SMALL, "ALTER TABLE t ADD n int, ADD CONSTRAINT c CHECK (n > 0)").await;
    // Of columns that are not yet what they will be.
    let change = "DELETE FROM t; ALTER TABLE t ALTER a TYPE bigint, ADD CONSTRAINT c CHECK (a > 1 AND id > 0)";
    let said = "2 rows of table \"t\" do not satisfy check \"c\": ((a > 1) AND (id > 0))";
    check(SMALL, change, said, 2).await;
    let change = "DELETE FROM t; ALTER TABLE t ALTER a TYPE text USING a::text, ADD CONSTRAINT c CHECK (a ~~ '2')";
    let said = "2 rows of table \"t\" do not satisfy check \"c\": (a ~~ '2'::text)";
    check(SMALL, change, said, 2).await;
    let change =
        "DELETE FROM t; ALTER TABLE t ADD n int DEFAULT 1, ADD CONSTRAINT c CHECK (n > id)";
    check(SMALL, change, "4 rows of table \"t\" do not satisfy check \"c\": (n > id)", 4).await;
    let change =
        "DELETE FROM t; ALTER TABLE t ALTER b TYPE int USING 1, ADD CONSTRAINT c CHECK (b > 1)";
    let (_, findings) = found(SMALL, change).await;
    assert!(findings.unknown[0].contains("do not satisfy check \"c\""), "{findings:?}");
}

#[tokio::test]
async fn values_that_cannot_become_another_type_are_counted() {
    let change = "DELETE FROM t; ALTER TABLE t ALTER b TYPE int USING b::int";
    let said = "3 rows of table \"t\" have values in column \"b\" that cannot become integer";
    check(SMALL, change, said, 3).await;
    let change = "DELETE FROM t; ALTER TABLE t ALTER b TYPE varchar(2)";
    let said =
        "3 rows of table \"t\" have values in column \"b\" that cannot become character varying(2)";
    check(SMALL, change, said, 3).await;
    check_fine(SMALL, "ALTER TABLE t ALTER b TYPE varchar(3)").await;
    check_fine(SMALL, "ALTER TABLE t ALTER a TYPE text USING a::text").await;
    let big = format!("{SMALL} UPDATE t SET a = 40000 WHERE id = 1;");
    let change = "DELETE FROM t; ALTER TABLE t ALTER a TYPE smallint";
    let said = "1 row of table \"t\" has a value in column \"a\" that cannot become smallint";
    check(&big, change, said, 1).await;
}

#[tokio::test]
async fn values_that_a_type_will_not_have_are_counted() {
    let types = "CREATE TYPE e AS ENUM ('x', 'y', 'z'); CREATE DOMAIN d AS e; CREATE TYPE c AS (m e, n int);
        CREATE TABLE t (id int, a e, b e[], f d, g c, h e); INSERT INTO t VALUES (1, 'x', '{x,y}', 'x', ROW('x', 1)), (2, 'y', '{z}', NULL, ROW('z', 1)), (3, 'y', '{}', 'x', NULL);";
    let types = |more: &str| format!("{types} {more}");
    let without = |value: &str| {
        let kept: Vec<&str> = ["'x'", "'y'", "'z'"].into_iter().filter(|it| *it != value).collect();
        format!(
            "DROP TABLE t; DROP TYPE c; DROP DOMAIN d; DROP TYPE e; CREATE TYPE e AS ENUM ({}); CREATE DOMAIN d AS e; CREATE TYPE c AS (m e, n int); CREATE TABLE t (id int, a e, b e[], f d, g c)",
            kept.join(", ")
        )
    };
    let said = |what: &str| format!("{what}, which \"e\" will not have any more");
    let (y, z, x) = (without("'y'"), without("'z'"), without("'x'"));
    let none = "UPDATE t SET b = NULL, g = NULL;";
    check(&types(none), &y, &said("2 rows of table \"t\" have 'y' in column \"a\""), 2).await;
    let none = "UPDATE t SET a = NULL, g = NULL;";
    check(&types(none), &y, &said("1 row of table \"t\" has 'y' in column \"b\""), 1).await;
    let none = "UPDATE t SET b = NULL;";
    check(&types(none), &z, &said("1 row of table \"t\" has 'z' in column \"g\""), 1).await;
    let none = "UPDATE t SET b = NULL, a = NULL, g = NULL;";
    check(&types(none), &x, &said("2 rows of table \"t\" have 'x' in column \"f\""), 2).await;
    check_fine(&types("DELETE FROM t; INSERT INTO t (h) VALUES ('x')"), &x).await;
}

#[tokio::test]
async fn values_that_a_domain_will_refuse_are_counted() {
    let arrays = "CREATE DOMAIN d AS int; CREATE TABLE t (id int, a d, b d[]); INSERT INTO t VALUES (1, 5, '{7}'), (2, -5, '{8}'), (3, NULL, '{7,-1}');";
    // PostgreSQL looks at no values within arrays: the domain is made again.
    let small = "DROP TABLE t; ALTER DOMAIN d ADD CONSTRAINT small CHECK (value < 8 OR 'VALUE' = ''); CREATE TABLE t (id int, a d, b d[])";
    let said = "1 row of table \"t\" has a value in column \"b\" that \"d\" will refuse: ((VALUE < 8) OR ('VALUE'::text = ''::text))";
    check(arrays, small, said, 1).await;
    let domain = "CREATE DOMAIN d AS int; CREATE TABLE t (id int, a d); INSERT INTO t VALUES (1, 5), (2, -5), (3, NULL);";
    let large = "DELETE FROM t; ALTER DOMAIN d ADD CONSTRAINT large CHECK (value > 0)";
    let said =
        "1 row of table \"t\" has a value in column \"a\" that \"d\" will refuse: (VALUE > 0)";
    check(domain, large, said, 1).await;
    let said = "1 row of table \"t\" has a value in column \"a\" that \"d\" will refuse: NULL";
    check(domain, "DELETE FROM t; ALTER DOMAIN d SET NOT NULL", said, 1).await;
    check_fine(domain, "ALTER DOMAIN d ADD CONSTRAINT low CHECK (value > -9)").await;
    check_fine(domain, "ALTER DOMAIN d ADD CONSTRAINT low CHECK (value > 9) NOT VALID").await;
}

#[tokio::test]
async fn rows_that_exclude_each_other_are_counted() {
    let rows = "CREATE TABLE t (id int, r int4range, k text); INSERT INTO t VALUES (1, '[1,5)', 'x'), (2, '[4,6)', 'X'), (3, '[4,9)', NULL), (4, NULL, 'x');";
    let all = "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING gist (r WITH &&)";
    check(rows, all, "3 pairs of rows of table \"t\" exclude each other by \"k\"", 3).await;
    let some = "DELETE FROM t; ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING gist (r WITH &&) WHERE (lower(k) = 'x')";
    check(rows, some, "1 pair of rows of table \"t\" excludes each other by \"k\"", 1).await;
    check_fine(rows, "ALTER TABLE t ADD EXCLUDE USING btree (lower(k) WITH =, id WITH =)").await;
}

#[tokio::test]
async fn what_was_not_asked_before_is_asked_when_it_is_validated() {
    let open = format!(
        "{SMALL} ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT VALID; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (y) REFERENCES p (id) NOT VALID;"
    );
    let change = "DELETE FROM t; ALTER TABLE t VALIDATE CONSTRAINT c";
    check(&open, change, "2 rows of table \"t\" do not satisfy check \"c\": (a > 1)", 2).await;
    let change = "DELETE FROM t; ALTER TABLE t VALIDATE CONSTRAINT f";
    check(&open, change, "2 rows of table \"t\" reference no row of \"p\" by (\"y\")", 2).await;
}

#[tokio::test]
async fn rows_that_are_none_for_a_partition_are_counted() {
    let table = |by: &str| {
        format!(
            "CREATE TABLE p (id int, k text) PARTITION BY {by}; CREATE TABLE t (id int, k text); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL);"
        )
    };
    for (by, bound, said, count) in [
        (
            "RANGE (id)",
            "FROM (2) TO (9)",
            "1 row of table \"t\" is none for values FROM (2) TO (9) of \"p\"",
            1,
        ),
        (
            "LIST (k)",
            "IN ('a', 'c')",
            "2 rows of table \"t\" are none for values IN ('a', 'c') of \"p\"",
            2,
        ),
        (
            "LIST (lower(k))",
            "IN ('a', NULL)",
            "1 row of table \"t\" is none for values IN ('a', NULL) of \"p\"",
            1,
        ),
    ] {
        let change = format!("DELETE FROM t; ALTER TABLE p ATTACH PARTITION t FOR VALUES {bound}");
        check(&table(by), &change, said, count).await;
    }
    check_fine(
        &table("HASH (id)"),
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    )
    .await;
    check_fine(
        &table("RANGE (id)"),
        "ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (MINVALUE) TO (9)",
    )
    .await;
}

#[tokio::test]
async fn a_question_that_takes_too_long_is_said_to_be_open() {
    let case = Case::new(
        "CREATE FUNCTION slow (int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT pg_sleep(1)::text = ''''';
         CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (slow(id))",
    )
    .await;
    let checks = preflight::checks(&case.changes, case.before.schema());
    let asked = preflight::failing(&case.connection, &checks, Duration::from_millis(50)).await;
    let findings = asked.expect("an answer");
    assert!(findings.failing.is_empty());
    assert!(findings.unknown[0].contains("could not be checked in time"), "{findings:?}");
    // The session is as it was.
    assert_eq!(case.number("SELECT count(*) FROM t").await, 1);
}

#[tokio::test]
async fn rows_are_counted_up_to_the_threshold_and_estimated_beyond_it() {
    let case = Case::new(FILLED, "").await;
    let of = |sizes: &Sizes, name: &str| {
        let name = ObjectName { schema: "public".to_owned(), name: name.to_owned() };
        sizes.0.get(&name).copied()
    };
    let tables = crate::support::all(&case.before);
    let ask = |rows: u64, bytes: u64| {
        let (case, tables) = (&case, &tables);
        async move {
            let thresholds = Thresholds { rows, bytes };
            preflight::sizes(&case.connection, tables, &thresholds).await.expect("sizes")
        }
    };
    let sizes = ask(10_000, 1 << 30).await;
    let (t, other) = (of(&sizes, "t").expect("t"), of(&sizes, "other").expect("other"));
    assert_eq!(
        (t.rows, t.counted, other.rows, other.counted),
        (Some(10_001), true, Some(10), true)
    );
    assert!(t.bytes > other.bytes && other.bytes > Some(0));
    run(&case.connection, "ANALYZE t").await;
    let t = of(&ask(10_000, 1024).await, "t").expect("t");
    assert_eq!((t.rows, t.counted), (Some(20_000), false));
    run(&case.connection, "DROP TABLE IF EXISTS p; CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (1)").await;
    let name = ObjectName { schema: "public".to_owned(), name: "p".to_owned() };
    let thresholds = Thresholds::default();
    let sizes =
        preflight::sizes(&case.connection, &[name].into(), &thresholds).await.expect("sizes");
    let p = of(&sizes, "p").expect("p");
    assert_eq!((p.rows, p.partitioned), (Some(1), true));
}

#[tokio::test]
async fn values_that_are_too_long_are_counted_and_not_cut() {
    const KINDS: &str = "CREATE DOMAIN d AS text; CREATE DOMAIN e AS d; CREATE TYPE c AS (x text, y int);
        CREATE TABLE t (number int, document jsonb, bits varbit, said d, said_all d[], above e, plain varchar(9), c c, cs c[]);
        INSERT INTO t VALUES (12345, '\"abc\"', B'101', 'abc', '{abc,abcd}', 'abc', 'abc', ROW('abc', 1), ARRAY[ROW('abc', 1)::c]),
            (1, '1', B'10', 'a  ', '{a}', 'a', 'a', ROW('a', 1), ARRAY[ROW('a', 1)::c]);";
    let begin = |change: &str| format!("DROP TABLE t; {change}");
    for (column, data_type, named) in [
        ("number", "varchar(2)", "character varying(2)"),
        ("document", "char(2)", "character(2)"),
        ("bits", "bit(2)", "bit(2)"),
        ("said", "varchar(2)", "character varying(2)"),
        ("said_all", "varchar(2)[]", "character varying(2)[]"),
        ("plain", "char(2)", "character(2)"),
    ] {
        let change = format!("DELETE FROM t; ALTER TABLE t ALTER {column} TYPE {data_type}");
        // A server needs words for these casts; the values are gone there.
        let change = match column {
            "number" | "document" => change + &format!(" USING {column}::text"),
            _ => change,
        };
        let said = format!(
            "1 row of table \"t\" has a value in column \"{column}\" that cannot become {named}"
        );
        check(KINDS, &change, &said, 1).await;
    }
    let change = "DELETE FROM t; CREATE DOMAIN s AS varchar(2); ALTER TABLE t ALTER plain TYPE s";
    let said = "1 row of table \"t\" has a value in column \"plain\" that cannot become public.s";
    check(KINDS, change, said, 1).await;
    let change = "DELETE FROM t; CREATE DOMAIN s AS varchar CHECK (VALUE <> 'abc'); ALTER TABLE t ALTER plain TYPE s";
    check(KINDS, change, said, 1).await;
    let change = "DELETE FROM t; CREATE TYPE s AS ENUM ('a'); ALTER TABLE t ALTER plain TYPE s USING plain::text::s";
    check(KINDS, change, said, 1).await;

    const DOMAIN: &str = "CREATE DOMAIN d AS text; CREATE TABLE t (a d);
        INSERT INTO t VALUES ('abc'), ('ab   '), (NULL)";
    let change = begin("DROP DOMAIN d; CREATE DOMAIN d AS varchar(2); CREATE TABLE t (a d)");
    let said = "1 row of table \"t\" has a value in column \"a\" that is no character varying(2)";
    check(DOMAIN, &change, said, 1).await;
    let arrays = DOMAIN.replace("a d)", "a d[])").replace("('abc'), ('ab   ')", "('{abc,ab}')");
    let change = change.replace("a d)", "a d[])");
    check(&arrays, &change, said, 1).await;

    const ROWS: &str = "CREATE TYPE c AS (x text, y int); CREATE TABLE t (a c, b c[]);
        INSERT INTO t VALUES (ROW('abc', 1), NULL), (ROW('ab', 1), ARRAY[ROW('ab', 1)::c]), (NULL, NULL)";
    let change =
        begin("DROP TYPE c; CREATE TYPE c AS (x varchar(2), y int); CREATE TABLE t (a c, b c[])");
    let said = "1 row of table \"t\" has a value in attribute \"x\" of column \"a\" that is no character varying(2)";
    check(ROWS, &change, said, 1).await;
    let in_array = ROWS.replace("ROW('abc', 1), NULL", "NULL, ARRAY[ROW('abc', 1)::c]");
    check(&in_array, &change, &said.replace("\"a\"", "\"b\""), 1).await;
}
