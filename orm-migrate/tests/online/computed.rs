//! What a function computed and the server stores: refused when its body changes, computed again where asked for.

use crate::support::run;
use crate::tool::Case;
use orm_migrate_test_support::connect;

/// A table of 20 000 rows, and all that can store a result of `f` and can be computed again beside those who use it.
const COMPUTED: &str = "
    CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 % 10';
    CREATE TABLE t (id bigint PRIMARY KEY, a int, g int GENERATED ALWAYS AS (f(a)) STORED);
    ALTER TABLE t ADD CONSTRAINT small CHECK (f(a) < 100);
    INSERT INTO t SELECT n, n FROM generate_series(1, 20000) AS n;
    CREATE INDEX i ON t (f(a));
    CREATE INDEX of_column ON t (g);
    CREATE MATERIALIZED VIEW m AS SELECT id, f(a) AS x FROM t;
    CREATE UNIQUE INDEX mi ON m (id);";

const CHANGE: &str =
    "CREATE OR REPLACE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 % 7'";

/// How many rows have the value 3 by the index, by the table, in the column, in its index and in the view.
async fn counts(url: &str) -> [i64; 5] {
    let connection = connect(url).await;
    run(&connection, "SET enable_seqscan = off; SET enable_indexonlyscan = off").await;
    let mut counts = [0; 5];
    for (count, (from, scans)) in counts.iter_mut().zip([
        ("t WHERE f(a) = 3", "on"),
        ("t WHERE f(a + 0) = 3", "off"),
        ("t WHERE g + 0 = 3", "off"),
        ("t WHERE g = 3", "on"),
        ("m WHERE x = 3", "off"),
    ]) {
        run(
            &connection,
            &format!("SET enable_bitmapscan = {scans}; SET enable_indexscan = {scans}"),
        )
        .await;
        let rows = connection
            .query::<orm_core::exec::DriverRow>(&format!("SELECT count(*) FROM {from}"), &[])
            .await;
        *count = rows.expect("a count")[0].get(0);
    }
    counts
}

#[tokio::test]
async fn what_an_old_body_computed_is_refused_by_name_or_computed_again() {
    let case = Case::new(COMPUTED, CHANGE).await;
    let refused = case.diff(&[]);
    assert_eq!(refused.code, Some(3), "{}{}", refused.out, refused.error);
    for part in [
        "hazards of the kind meaning",
        "index \"i\" of \"t\" stores what the old body of function \"public\".\"f\"(integer) computed",
        "column \"g\" of table \"t\"",
        "check \"small\"",
        "materialized view \"m\"",
        "--rebuild",
        "--allow meaning",
    ] {
        assert!(refused.error.contains(part), "{part}: {}", refused.error);
    }
    assert!(!refused.error.contains("of_column"), "{}", refused.error);
    let (_, said) = case.json(&[]);
    assert_eq!(said["error"]["details"]["meaning"].as_array().map(Vec::len), Some(4), "{said}");
    let written = case.diff(&["--rebuild"]);
    assert_eq!(written.code, Some(0), "{}{}", written.out, written.error);
    let up = case.diff(&["--rebuild", "--sql"]).out;
    for part in [
        "REINDEX INDEX CONCURRENTLY \"public\".\"i\"",
        "-- orm:repeat",
        "ADD CONSTRAINT \"small\" CHECK ((public.f(a) < 100)) NOT VALID",
        "VALIDATE CONSTRAINT \"small\"",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY \"public\".\"m\"",
    ] {
        assert!(up.contains(part), "{part}: {up}");
    }
    let applied = case.tool(&["apply"]);
    assert_eq!(applied.code, Some(0), "{}", applied.error);
    assert_eq!(counts(case.url()).await, [2857; 5]);
    let back = case.tool(&["down", "--allow-destructive"]);
    assert_eq!(back.code, Some(0), "{}", back.error);
    assert_eq!(counts(case.url()).await, [2000; 5]);
}

#[tokio::test]
async fn what_an_old_body_computed_stays_where_that_is_allowed() {
    let case = Case::new(COMPUTED, CHANGE).await;
    let allowed = case.diff(&["--allow", "meaning"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.error);
    let plan = crate::tool::plan_of(&case);
    let hazards = plan["hazards"].as_array().expect("hazards");
    assert!(hazards.iter().all(|it| it["kind"] == "meaning" && it["allowed"] == true), "{plan}");
    assert_eq!(case.tool(&["apply"]).code, Some(0));
    let [index, table, ..] = counts(case.url()).await;
    assert!(index != table, "the server computes it by itself: {index}");
}

#[tokio::test]
async fn what_is_computed_through_operators_and_classes_is_found() {
    let case = Case::new(
        "CREATE FUNCTION same(a int, b int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT a % 10 = b % 10';
        CREATE OPERATOR === (FUNCTION = same, LEFTARG = int, RIGHTARG = int);
        CREATE FUNCTION place(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a % 10';
        CREATE OPERATOR CLASS by_place FOR TYPE int USING hash AS OPERATOR 1 ===, FUNCTION 1 place(int);
        CREATE TABLE t (a int, CONSTRAINT c CHECK (a === 3));
        CREATE INDEX i ON t (a) WHERE a === 3;
        CREATE INDEX h ON t USING hash (a by_place);
        CREATE TABLE p (a int) PARTITION BY HASH (a by_place);",
        "CREATE OR REPLACE FUNCTION place(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a % 7';
        CREATE OR REPLACE FUNCTION same(a int, b int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT a % 7 = b % 7';",
    )
    .await;
    let refused = case.diff(&["--no-verify"]);
    assert_eq!(refused.code, Some(3), "{}{}", refused.out, refused.error);
    for part in [
        "index \"h\" of \"t\" stores what the old body of function \"public\".\"place\"(integer)",
        "index \"i\" of \"t\" stores what the old body of function \"public\".\"same\"(integer, integer)",
        "satisfied check \"c\"",
        "the rows of table \"p\" are in the partitions that the old body of function \"public\".\"place\"(integer) chose",
    ] {
        assert!(refused.error.contains(part), "{part}: {}", refused.error);
    }
    // No statement moves rows between partitions.
    let refused = case.diff(&["--no-verify", "--rebuild"]);
    assert_eq!(refused.code, Some(3), "{}{}", refused.out, refused.error);
    assert!(refused.error.contains("the rows of table \"p\""), "{}", refused.error);
    assert!(!refused.error.contains("index \"h\""), "{}", refused.error);
}

#[tokio::test]
async fn an_index_that_is_not_declared_is_dropped_only_where_that_is_allowed() {
    let case = Case::new(
        "CREATE TABLE t (id bigint PRIMARY KEY, a int, b int, c int UNIQUE);
        CREATE INDEX by_hand ON t (a); CREATE INDEX old ON t (b); CREATE INDEX goes ON t (c, b);",
        "DROP INDEX by_hand; DROP INDEX old; CREATE INDEX new ON t (b, a); DROP INDEX goes;
        ALTER TABLE t DROP CONSTRAINT t_c_key; ALTER TABLE t DROP c;",
    )
    .await;
    case.run("SET enable_seqscan = off; SELECT FROM t WHERE a = 1; SELECT pg_sleep(0)").await;
    let refused = case.diff(&["--allow-destructive"]);
    assert_eq!(refused.code, Some(3), "{}{}", refused.out, refused.error);
    for part in [
        "hazards of the kind drops_index",
        "index \"by_hand\" of \"t\" is dropped: queries that use it read the whole table from then on (8 KiB, read by ",
        "--allow drops_index",
    ] {
        assert!(refused.error.contains(part), "{part}: {}", refused.error);
    }
    // Another one sorts by the same column first, or the column itself goes.
    for other in ["\"old\"", "\"goes\"", "t_c_key"] {
        assert!(!refused.error.contains(other), "{other}: {}", refused.error);
    }
    let allowed = case.diff(&["--allow-destructive", "--allow", "drops_index"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.error);
    let plan = crate::tool::plan_of(&case);
    let hazards = plan["hazards"].as_array().expect("hazards");
    let hazard = hazards.iter().find(|it| it["kind"] == "drops_index").expect("the hazard");
    assert_eq!(hazard["allowed"], true, "{plan}");
}
