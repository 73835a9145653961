//! Killed, or cut off, between any two requests and in the middle of statements.

use super::proxy::{Fault, Proxy};
use super::{Case, ToolOutput, kill};
use std::time::Duration;

/// All kinds of segments and of statements that cannot be taken back, and traces of what has run.
const MIXED: &[&str] = &[
    "CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY, what text);\nINSERT INTO log (what) VALUES ('first');\n\
     CREATE TABLE p (id int) PARTITION BY RANGE (id);\nCREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (9);",
    "CREATE TABLE a (id int, n int);\nINSERT INTO a SELECT i, i FROM generate_series(1, 5) i;\n\
     INSERT INTO log (what) VALUES ('transaction');\n\
     -- orm:segment autocommit\n\
     INSERT INTO log (what) VALUES ('alone');\n\
     CREATE INDEX CONCURRENTLY i ON a (id);\n\
     CREATE UNIQUE INDEX CONCURRENTLY u ON a (n);\n\
     -- orm:repeat\n\
     UPDATE a SET n = n + 100 WHERE id IN (SELECT id FROM a WHERE n < 100 LIMIT 3);\n\
     VACUUM a;\n\
     DROP INDEX CONCURRENTLY i;\n\
     ALTER TABLE p DETACH PARTITION c CONCURRENTLY;\n\
     INSERT INTO log (what) VALUES ('alone again');\n\
     -- orm:segment transaction\n\
     ALTER TABLE a ADD COLUMN z int;\nINSERT INTO log (what) VALUES ('last');",
];

/// All that the migrations should have made, in one text.
const STATE: &str = "SELECT concat_ws(' | ', \
    (SELECT string_agg(what, ',' ORDER BY id) FROM log), \
    (SELECT string_agg(id || ':' || n, ',' ORDER BY id) FROM a), \
    (SELECT string_agg(indexrelid::regclass::text, ',' ORDER BY indexrelid::regclass::text) FROM pg_index \
     WHERE indrelid IN ('a'::regclass, 'c'::regclass) AND indisvalid), \
    (SELECT count(*) FROM pg_index WHERE NOT indisvalid), \
    (SELECT count(*) FROM pg_inherits), \
    (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'a'::regclass AND attnum > 0), \
    (SELECT string_agg(statements_done || '/' || statements || coalesce(started, ''), ',' ORDER BY name) \
     FROM orm_migrate.ledger))";

const EXPECTED: &str = "first,transaction,alone,alone again,last | 1:101,2:102,3:103,4:104,5:105 | u | 0 | 0 | id,n,z | 4/4,13/13";

async fn state(case: &Case) -> String {
    case.connect().await.query::<orm_core::exec::DriverRow>(STATE, &[]).await.expect("rows")[0]
        .get(0)
}

/// As a new database, which takes longer to make.
async fn emptied(case: &Case) {
    case.sql("DROP SCHEMA IF EXISTS orm_migrate CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
}

/// Interrupts `apply` at every request of every second kind, in turn; gives how many there were.
async fn at_every_request(fault: Fault, first: u32, step: usize) -> u32 {
    let case = Case::new(MIXED).await;
    for request in (first..).step_by(step) {
        let proxy = Proxy::new(&case.url(), request, fault);
        let mut child = case.command(&proxy.url(&case.database), &[]).spawn().expect("it runs");
        if !proxy.is_reached() {
            assert!(child.wait().expect("it ends").success());
            return request - 1;
        }
        match fault {
            Fault::Held => kill(child),
            Fault::Cut => {
                let said = ToolOutput::from(child.wait_with_output().expect("it ends"));
                assert!(
                    matches!(said.code, Some(1 | 7)),
                    "{request}: {:?} {}",
                    said.code,
                    said.error
                );
                assert!(said.error.contains("connection"), "{request}: {}", said.error);
            }
        }
        let again = case.apply(&[]);
        assert_eq!(again.code, Some(0), "{request}: {}{}", again.out, again.error);
        assert_eq!(state(&case).await, EXPECTED, "{request}: {}", again.out);
        emptied(&case).await;
    }
    unreachable!("there are endless requests")
}

#[tokio::test]
async fn nothing_is_interrupted_as_a_measure() {
    let case = Case::new(MIXED).await;
    case.apply(&[]).reports(0, &[]);
    assert_eq!(state(&case).await, EXPECTED);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_every_odd_request_apply_goes_on_to_the_same_end() {
    assert!(at_every_request(Fault::Held, 1, 2).await > 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_every_even_request_apply_goes_on_to_the_same_end() {
    assert!(at_every_request(Fault::Held, 2, 2).await > 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_after_every_odd_request_apply_goes_on_to_the_same_end() {
    assert!(at_every_request(Fault::Cut, 1, 2).await > 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_after_every_even_request_apply_goes_on_to_the_same_end() {
    assert!(at_every_request(Fault::Cut, 2, 2).await > 60);
}

/// Statements of each kind, each of which waits for the transaction that is begun first.
const WAITING: &[(&str, &str, &str)] = &[
    (
        "INSERT INTO a VALUES (9)",
        "CREATE INDEX CONCURRENTLY",
        "CREATE INDEX CONCURRENTLY i ON a (id);",
    ),
    ("LOCK TABLE a", "INSERT INTO a VALUES (7)", "INSERT INTO a VALUES (7);"),
    ("LOCK TABLE a", "UPDATE a", "-- orm:repeat\nUPDATE a SET id = 7 WHERE id = 1;"),
    (
        "SELECT count(*) FROM a WHERE id > 0",
        "DROP INDEX CONCURRENTLY",
        "DROP INDEX CONCURRENTLY j;",
    ),
    ("SELECT count(*) FROM p", "ALTER TABLE p", "ALTER TABLE p DETACH PARTITION c CONCURRENTLY;"),
    ("INSERT INTO a VALUES (9)", "REINDEX", "REINDEX INDEX CONCURRENTLY j;"),
    ("INSERT INTO a VALUES (9)", "REINDEX", "REINDEX SCHEMA CONCURRENTLY public;"),
    (
        "LOCK TABLE a",
        "ALTER TABLE a",
        "-- orm:segment transaction\nINSERT INTO p VALUES (2);\nALTER TABLE a ADD z int;",
    ),
];

const TABLES: &str = "CREATE TABLE a (id int);\nCREATE INDEX j ON a (id);\nINSERT INTO a VALUES (1);\n\
    CREATE TABLE p (id int) PARTITION BY RANGE (id);\nCREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (9);";

/// What is there, without the rows of the transaction that was in the way.
const TRACES: &str = "SELECT concat_ws(' | ', (SELECT string_agg(id::text, ',' ORDER BY id) FROM a WHERE id <> 9), \
    (SELECT string_agg(indexrelid::regclass::text || indisvalid, ',' ORDER BY 1) FROM (SELECT * FROM pg_index \
     WHERE indrelid = 'a'::regclass ORDER BY indexrelid::regclass::text) i), (SELECT count(*) FROM pg_inherits), \
    (SELECT count(*) FROM p), (SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'a'::regclass \
     AND attnum > 0), (SELECT string_agg(statements_done || '/' || statements || coalesce(started, ''), ',' ORDER BY name) \
     FROM orm_migrate.ledger))";

async fn traces(case: &Case) -> String {
    case.connect().await.query::<orm_core::exec::DriverRow>(TRACES, &[]).await.expect("rows")[0]
        .get(0)
}

/// Stops `apply` while a statement of each kind is at work, and lets it go on later.
async fn in_the_middle(stop: impl AsyncFn(&Case, std::process::Child), rest: Duration) {
    for (in_the_way, beginning, statement) in WAITING {
        let up = format!("-- orm:segment autocommit\n{statement}");
        let measure = Case::new(&[TABLES, &up]).await;
        measure.apply(&[]).reports(0, &[]);
        let case = Case::new(&[TABLES, &up]).await;
        case.apply(&["--to", "m0"]).reports(0, &[]);
        let other = case.connect().await;
        other.batch_execute(&format!("BEGIN; {in_the_way}")).await.expect("a transaction");
        let child = case.start(&["--lock-timeout", "60000"]);
        case.until_it_waits(beginning).await;
        stop(&case, child).await;
        // The server may still be at it, or may have noticed that nobody is there.
        tokio::time::sleep(rest).await;
        other.batch_execute("COMMIT").await.expect("out of the way");
        let again = case.apply(&[]);
        assert_eq!(again.code, Some(0), "{statement}: {}{}", again.out, again.error);
        assert_eq!(traces(&case).await, traces(&measure).await, "{statement}: {}", again.out);
    }
}

#[tokio::test]
async fn killed_in_the_middle_of_a_statement_apply_goes_on_to_the_same_end() {
    in_the_middle(async |_, child| kill(child), Duration::ZERO).await;
}

#[tokio::test]
async fn killed_in_the_middle_and_given_up_by_the_server_apply_goes_on_to_the_same_end() {
    in_the_middle(async |_, child| kill(child), Duration::from_secs(3)).await;
}

const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE application_name = 'orm-migrate' AND datname = current_database()";

#[tokio::test]
async fn a_session_that_an_administrator_ends_is_said_and_goes_on_to_the_same_end() {
    let stop = async |case: &Case, child: std::process::Child| {
        case.sql(TERMINATE).await;
        let said = ToolOutput::from(child.wait_with_output().expect("it ends"));
        said.reports(
            1,
            &[
                "m1/up.sql: statement ",
                "terminating connection due to administrator command",
                "run it again",
            ],
        );
    };
    in_the_middle(stop, Duration::ZERO).await;
}

#[tokio::test]
async fn a_statement_that_an_administrator_cancels_is_an_error_with_its_place() {
    let case = Case::new(&["CREATE TABLE a ();\nSELECT pg_sleep(60);"]).await;
    let child = case.start(&[]);
    let active = "FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' \
        AND datname = current_database()";
    case.until(&format!("SELECT EXISTS (SELECT {active})")).await;
    case.sql(&format!("SELECT pg_cancel_backend(pid) {active}")).await;
    let said = ToolOutput::from(child.wait_with_output().expect("it ends"));
    said.reports(
        1,
        &["statement 2 of 2, line 2", "canceling statement due to user request", "nothing of"],
    );
    assert_eq!(case.number("SELECT count(*) FROM pg_class WHERE relname = 'a'").await, 0);
}

/// Inserts 1, commits, waits, inserts 2.
const COMMITS: &str = "CREATE TABLE b (id int);\nCREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN \
    INSERT INTO b VALUES (1); COMMIT; PERFORM id FROM a WHERE id > 0; INSERT INTO b VALUES (2); END $$;";

#[tokio::test]
async fn what_the_catalog_cannot_tell_is_asked_and_not_done_twice() {
    let up = "-- orm:segment autocommit\nCREATE TABLE z ();\nCALL fill();\nCREATE TABLE y ();";
    for (answer, rows) in [("--done", "1"), ("--again", "1,1,2")] {
        let case = Case::new(&[TABLES, COMMITS, up]).await;
        case.apply(&["--to", "m1"]).reports(0, &[]);
        let other = case.connect().await;
        other.batch_execute("BEGIN; LOCK TABLE a").await.expect("a transaction");
        let child = case.start(&["--lock-timeout", "60000"]);
        case.until_it_waits("CALL fill").await;
        kill(child);
        case.sql(TERMINATE).await;
        other.batch_execute("COMMIT").await.expect("out of the way");
        for _ in 0..2 {
            case.apply(&[]).reports(
                7,
                &["m2/up.sql: statement 2 of 3", "had begun it", "repair --done", "repair --again"],
            );
        }
        let said = case.apply(&["--dry-run"]);
        assert!(said.out.contains("nothing shows how far it came"), "{}", said.out);
        let said = case.run("repair", &[]);
        assert!(said.out.contains("it is not known whether it ended"), "{}", said.out);
        assert!(said.out.contains("`orm-migrate repair --done "), "{}", said.out);
        case.run("repair", &[answer, "m2"]).reports(0, &[]);
        case.apply(&[]).reports(0, &[]);
        let sql = "SELECT string_agg(id::text, ',' ORDER BY id) FROM b";
        let found: String =
            case.connect().await.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows")
                [0]
            .get(0);
        assert_eq!(found, rows, "{answer}");
        assert_eq!(case.number("SELECT count(*) FROM pg_class WHERE relname = 'y'").await, 1);
        case.run("repair", &[answer, "m2"]).reports(1, &["_m2 broke off at a statement"]);
    }
}
