//! Locks that others hold, and several that apply at once.

use super::{Case, ToolOutput};
use std::time::{Duration, Instant};

#[tokio::test]
async fn two_processes_at_once_apply_everything_once() {
    let case = Case::new(&[
        "CREATE TABLE a (id int);\nSELECT pg_sleep(0.3);\nINSERT INTO a VALUES (1);",
        "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON a (id);\nINSERT INTO a VALUES (2);",
    ])
    .await;
    let both = [case.start(&[]), case.start(&[])];
    let both = both.map(|child| ToolOutput::from(child.wait_with_output().expect("it ends")));
    let mut last: Vec<_> = both.iter().map(|said| said.out.lines().last()).collect();
    last.sort_unstable();
    assert_eq!(last, [Some("2 migrations applied"), Some("nothing to apply")]);
    assert!(both.iter().any(|said| said.out.contains("waiting for another apply: pid ")));
    assert_eq!(case.number("SELECT count(*) FROM a").await, 2);
}

#[tokio::test]
async fn who_waits_goes_on_with_what_a_killed_one_has_left() {
    let case = Case::new(&[
        "-- orm:segment autocommit\nCREATE TABLE a (id int);\nSELECT pg_sleep(1.5);\n\
        INSERT INTO a VALUES (1);",
    ])
    .await;
    let first = case.start(&[]);
    case.until("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active')")
        .await;
    let second = case.start(&[]);
    super::kill(first);
    let said = ToolOutput::from(second.wait_with_output().expect("it ends"));
    said.reports(0, &[]);
    assert!(
        said.out.contains("going on with") && said.out.contains("after 1 of 3"),
        "{}",
        said.out
    );
    assert_eq!(case.number("SELECT count(*) FROM a").await, 1);
}

#[tokio::test]
async fn the_holder_of_the_lock_is_named_when_the_wait_is_over() {
    let case = Case::new(&["CREATE TABLE a ();"]).await;
    let other = case.connect().await;
    other
        .batch_execute("SET application_name = 'the other'; SELECT pg_advisory_lock(x'6f726d5f6d696772'::bigint)")
        .await
        .expect("the lock");
    case.apply(&["--lock-wait", "1"]).reports(6, &["(the other, role postgres", "--lock-wait"]);
    // The time of the whole run ends the wait as well.
    let begun = Instant::now();
    case.apply(&["--timeout", "1"]).reports(6, &["(the other, role postgres"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    other.close().await;
    case.apply(&[]).reports(0, &[]);
}

#[tokio::test]
async fn who_is_in_the_way_of_a_table_lock_is_named() {
    let case = Case::new(&["CREATE TABLE a ();", "ALTER TABLE a ADD id int;"]).await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    let other = case.connect().await;
    other
        .batch_execute("SET application_name = 'report'; BEGIN; SELECT FROM a")
        .await
        .expect("a lock");
    let said = case.apply(&["--lock-timeout", "300"]);
    let who = "(report, role postgres), idle in transaction, its transaction open for";
    said.reports(
        6,
        &["in the way: pid ", who, "SELECT FROM a", "pg_terminate_backend(", "10 attempts"],
    );
    assert!(
        said.out.contains("in the way: pid ") && said.out.contains("ALTER TABLE a"),
        "{}",
        said.out
    );
}

#[tokio::test]
async fn the_lock_of_another_database_is_not_in_the_way() {
    let (case, another) = (Case::new(&["CREATE TABLE a ();"]).await, Case::new(&[]).await);
    let other = another.connect().await;
    other
        .batch_execute("SELECT pg_advisory_lock(x'6f726d5f6d696772'::bigint)")
        .await
        .expect("the lock");
    case.apply(&["--lock-wait", "0"]).reports(0, &[]);
}

/// While `apply` waits for a table that a long transaction has read, others can read it all the same: they wait behind
/// it for no longer than the lock timeout, and then for the pause not at all.
#[tokio::test]
async fn nobody_waits_behind_a_migration_for_longer_than_its_lock_timeout() {
    let case = Case::new(&["CREATE TABLE a ();", "ALTER TABLE a ADD id int;"]).await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    let long = case.connect().await;
    long.batch_execute("BEGIN; SELECT FROM a").await.expect("a transaction");
    let child = case.start(&["--lock-timeout", "150"]);
    case.until_it_waits("ALTER TABLE a").await;
    let reader = case.connect().await;
    let (mut longest, mut reads) = (Duration::ZERO, 0);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        let read = Instant::now();
        reader.batch_execute("SELECT FROM a").await.expect("read");
        longest = longest.max(read.elapsed());
        reads += 1;
    }
    // Far less than the two seconds that the long transaction went on; the machine may be busy.
    assert!(longest < Duration::from_millis(1000) && reads > 10, "{longest:?}, {reads}");
    long.batch_execute("COMMIT").await.expect("out of the way");
    let said = ToolOutput::from(child.wait_with_output().expect("it ends"));
    said.reports(0, &[]);
    assert!(said.out.contains("trying again"), "{}", said.out);
}

#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let case =
        Case::new(&["CREATE TABLE a ();\nCREATE TABLE b ();", "LOCK TABLE a;\nLOCK TABLE b;"])
            .await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    // It must be the migration that notices the deadlock.
    let other = case.connect().await;
    other.batch_execute("SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE b").await.expect("a lock");
    let child = case.start(&["--lock-timeout", "30000"]);
    case.until_it_waits("LOCK TABLE b").await;
    other.batch_execute("LOCK TABLE a; COMMIT").await.expect("the other one goes on");
    let said = ToolOutput::from(child.wait_with_output().expect("it ends"));
    said.reports(0, &[]);
    assert!(said.out.contains("trying again"), "{}", said.out);
}

#[tokio::test]
async fn an_index_that_another_session_is_building_is_not_dropped() {
    let create = "CREATE INDEX CONCURRENTLY i ON a (id)";
    let up = format!("-- orm:segment autocommit\n{create};");
    let case = Case::new(&["CREATE TABLE a (id int);", &up]).await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    let writer = case.connect().await;
    writer.batch_execute("BEGIN; INSERT INTO a VALUES (1)").await.expect("a transaction");
    let builder = case.connect().await;
    let built = tokio::spawn(async move { builder.batch_execute(create).await });
    case.until("SELECT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)").await;
    // It finds an invalid index of the name that it is to make.
    let child = case.start(&["--lock-timeout", "60000"]);
    case.until_it_waits("LOCK TABLE").await;
    writer.batch_execute("COMMIT").await.expect("out of the way");
    built.await.expect("no panic").expect("built");
    let said = ToolOutput::from(child.wait_with_output().expect("it ends"));
    said.reports(1, &["relation \"i\" already exists"]);
    assert_eq!(
        case.number("SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid = 'a'::regclass")
            .await,
        1
    );
}

/// From 15.20 on a session that makes an index locks the function that the index calls; before, nothing waits.
#[tokio::test]
async fn who_is_in_the_way_is_named_where_the_lock_is_on_no_table() {
    let function = "CREATE OR REPLACE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS";
    let case = Case::new(&[
        &format!("CREATE TABLE a (id int);\n{function} 'SELECT 1';\nCREATE TYPE e AS ENUM ('x');"),
        &format!("{function} 'SELECT 2';"),
        "ALTER TYPE e RENAME VALUE 'x' TO 'y';",
    ])
    .await;
    case.apply(&["--to", "m0"]).reports(0, &[]);
    let other = case.connect().await;
    other
        .batch_execute("SET application_name = 'builder'; BEGIN; CREATE INDEX i ON a (f(id))")
        .await
        .expect("an index");
    let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND classid = 'pg_proc'::regclass \
        AND objid = 'f'::regproc";
    if case.number(locks).await > 0 {
        let said = case.apply(&["--to", "m1", "--lock-timeout", "300"]);
        said.reports(
            6,
            &["did not get its lock", "(builder, role postgres)", "locks function f(integer)"],
        );
    }
    other.batch_execute("ROLLBACK").await.expect("out of the way");
    case.apply(&["--to", "m1"]).reports(0, &[]);
    // A type is locked by its changes on every release.
    other.batch_execute("BEGIN; ALTER TYPE e ADD VALUE 'z'").await.expect("a value");
    let said = case.apply(&["--lock-timeout", "300"]);
    said.reports(6, &["in the way: pid ", "locks type e"]);
    other.batch_execute("ROLLBACK").await.expect("out of the way");
    case.apply(&[]).reports(0, &[]);
}
