//! `--dry-run`, `--to` and `--timeout`, as a shell sees them.

use super::{Case, LEDGER, TABLES};
use orm_migrate_test_support::tool;
use serde_json::{Value, json};
use std::process::Output;
use std::time::{Duration, Instant};

impl Case {
    pub(crate) fn tool(&self, more: &[&str]) -> Output {
        let mut command = tool(&["apply", "--migrations"]);
        command.arg(self.folder.path()).args(more).env("POSTGRES_URL", self.database.url());
        command.output().expect("it runs")
    }

    pub(crate) fn json(&self, more: &[&str]) -> (Option<i32>, Value) {
        let output = self.tool(&[more, &["--json"]].concat());
        let document = serde_json::from_slice(&output.stdout).expect("one JSON document");
        (output.status.code(), document)
    }

    fn names(&self) -> Vec<String> {
        self.folder.read().expect("migrations").into_iter().map(|it| it.name).collect()
    }
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const MIXED: &str = "CREATE TABLE a (id int);\n-- orm:segment autocommit\n\
    CREATE INDEX CONCURRENTLY i ON a (id);\n-- orm:repeat\nUPDATE a SET id = 1 -- again\nWHERE id = 0;";

#[tokio::test]
async fn a_dry_run_says_what_would_run_and_changes_nothing() {
    let case = Case::new(&[MIXED, "CREATE TABLE b ();"]);
    let names = case.names();
    let said = case.tool(&["--dry-run"]);
    let expected = format!(
        "would apply {}\n  in one transaction:\n    -- statement 1\n    CREATE TABLE a (id int);\n  each for itself:\n    \
         -- statement 2\n    CREATE INDEX CONCURRENTLY i ON a (id);\n    -- statement 3, again until it changes no row\n    \
         UPDATE a SET id = 1 -- again\n    WHERE id = 0;\nwould apply {}\n  in one transaction:\n    -- statement 1\n    \
         CREATE TABLE b ();\n2 migrations would be applied; nothing was changed\n",
        names[0], names[1]
    );
    assert_eq!((said.status.code(), out(&said)), (Some(0), expected));
    assert_eq!(
        case.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'orm_migrate'").await,
        0
    );
    assert_eq!(case.number(TABLES).await, 0);
}

#[tokio::test]
async fn a_dry_run_tells_machines_the_same() {
    let case = Case::new(&[MIXED]);
    let (code, said) = case.json(&["--dry-run"]);
    assert_eq!((code, &said["dry_run"]), (Some(0), &json!(true)));
    let migration = &said["pending"][0];
    assert_eq!((&migration["statements"], &migration["statements_done"]), (&json!(3), &json!(0)));
    let segments = &migration["segments"];
    assert_eq!(
        (&segments[0]["mode"], &segments[1]["mode"]),
        (&json!("transaction"), &json!("autocommit"))
    );
    let repeated = json!({
        "number": 3, "line": 5, "text": "UPDATE a SET id = 1 -- again\nWHERE id = 0", "repeat": true
    });
    assert_eq!(segments[1]["statements"][1], repeated);
}

#[tokio::test]
async fn a_dry_run_waits_for_no_lock_and_sees_conflicts() {
    let case = Case::new(&["CREATE TABLE a ();"]);
    let other = case.connect().await;
    other
        .batch_execute("SELECT pg_advisory_lock(x'6f726d5f6d696772'::bigint)")
        .await
        .expect("the lock");
    assert_eq!(case.tool(&["--dry-run"]).status.code(), Some(0));
    other.close().await;
    assert_eq!(case.tool(&[]).status.code(), Some(0));
    assert_eq!(out(&case.tool(&["--dry-run"])), "nothing to apply\n");
    case.edit(0, "CREATE TABLE b ();");
    assert_eq!(case.tool(&["--dry-run"]).status.code(), Some(5));
}

#[tokio::test]
async fn apply_stops_after_the_migration_that_is_named() {
    let case = Case::new(&["CREATE TABLE a ();", "CREATE TABLE b ();", "CREATE TABLE c ();"]);
    let (code, said) = case.json(&["--to", "m1"]);
    assert_eq!((code, said["applied"].as_array().map(Vec::len)), (Some(0), Some(2)));
    assert_eq!(case.number(TABLES).await, 2);
    assert_eq!(out(&case.tool(&["--to", "m0"])), "nothing to apply\n");
    let (_, dry) = case.json(&["--to", &case.names()[2], "--dry-run"]);
    assert_eq!(dry["pending"].as_array().map(Vec::len), Some(1));
    assert_eq!(case.tool(&["--to", &case.names()[2]]).status.code(), Some(0));
    assert_eq!(case.number(TABLES).await, 3);
}

#[tokio::test]
async fn a_target_that_is_not_one_is_refused_before_anything_runs() {
    let case = Case::new(&["CREATE TABLE a ();", "CREATE TABLE b ();"]);
    let unknown = case.tool(&["--to", "nothing"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(error(&unknown).contains("no migration is called `nothing`"), "{}", error(&unknown));
    let unclear = error(&case.tool(&["--to", "m"]));
    assert!(case.names().iter().all(|name| unclear.contains(name)), "{unclear}");
    assert_eq!(case.number(TABLES).await, 0);
}

#[tokio::test]
async fn what_is_not_done_in_time_is_cancelled_and_goes_on_later() {
    let case = Case::new(&[
        "CREATE TABLE a (id int);\n-- orm:segment autocommit\nINSERT INTO a VALUES (1);\nSELECT pg_sleep(60);\n\
         INSERT INTO a VALUES (2);",
        "CREATE TABLE b ();",
    ]);
    let begun = Instant::now();
    let said = case.tool(&["--timeout", "2"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    let later = case.names().remove(1);
    let told = error(&said);
    for part in [
        "statement 3 of 4, line 4 was stopped: the time of 2s is over",
        "4 | SELECT pg_sleep(60);",
        "its first 2 statements are done and recorded",
        &format!("not begun: {later}"),
        "run it again",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(said.status.code(), Some(7));
    // Nothing runs on at the server.
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' \
        AND datname = current_database() AND state = 'active'";
    assert_eq!(case.number(sleeping).await, 0);
    let up = case.folder.read().expect("migrations")[0].up.replace("(60)", "(0)");
    case.edit(0, &up);
    let (code, document) = case.json(&["--timeout", "60"]);
    assert_eq!((code, document["applied"].as_array().map(Vec::len)), (Some(0), Some(2)));
    assert_eq!(case.number("SELECT count(*) FROM a").await, 2);
    assert_eq!(case.number(LEDGER).await, 2);
}

#[tokio::test]
async fn a_transaction_that_is_not_done_in_time_leaves_nothing() {
    let case = Case::new(&["CREATE TABLE a ();\nSELECT pg_sleep(60);"]);
    let (code, said) = case.json(&["--timeout", "1"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        (&said["error"]["place"]["line"], &said["error"]["statements_done"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(case.number(TABLES).await, 0);
}

#[tokio::test]
async fn an_index_that_is_not_done_in_time_leaves_nothing() {
    let case = Case::new(&[
        "CREATE TABLE a (id int);",
        "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON a (id);",
    ]);
    assert_eq!(case.tool(&["--to", "m0"]).status.code(), Some(0));
    let other = case.connect().await;
    other.batch_execute("BEGIN; INSERT INTO a VALUES (1)").await.expect("a transaction");
    let said = case.tool(&["--timeout", "1"]);
    assert!(error(&said).contains("statement 1 of 1, line 2 was stopped"), "{}", error(&said));
    other.batch_execute("COMMIT").await.expect("committed");
    // It could not be dropped while the transaction was open: the next run does that.
    let said = case.tool(&["--timeout", "30"]);
    assert_eq!(said.status.code(), Some(0), "{}", error(&said));
    assert_eq!(case.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid").await, 0);
    assert_eq!(
        case.number("SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass").await,
        1
    );
}

#[tokio::test]
async fn a_repeated_statement_ends_with_the_time() {
    let case = Case::new(&[
        "CREATE TABLE a (id int); INSERT INTO a VALUES (1);\n-- orm:segment autocommit\n\
        -- orm:repeat\nUPDATE a SET id = id + 1;",
    ]);
    let said = case.tool(&["--timeout", "1"]);
    assert!(error(&said).contains("statement 3 of 3, line 4 was stopped"), "{}", error(&said));
    assert!(case.number("SELECT id FROM (SELECT id::bigint FROM a) a").await > 2);
}

#[tokio::test]
async fn a_lower_timeout_of_the_migration_itself_stays() {
    let case = Case::new(&["SET statement_timeout = '200ms';\nSELECT pg_sleep(60);"]);
    let said = error(&case.tool(&["--timeout", "30"]));
    assert!(said.contains("canceling statement due to statement timeout"), "{said}");
}
