//! Statements outside of transactions: what a run that broke off has left, and how the next one goes on.

use super::{Case, LEDGER, draft};
use orm_migrate::apply::{ApplyError, Event, Options, apply};
use std::time::Duration;

const ALONE: &str = "-- orm:segment autocommit\n";

impl Case {
    /// Applies, and gives a word for each thing of note that happened.
    async fn told(&self) -> (Result<usize, ApplyError>, Vec<String>) {
        let mut told = Vec::new();
        let (config, options) = (self.config(), Options::default());
        let done = apply(&config, &self.folder, &options, |event| {
            told.extend(match event {
                Event::AlreadyDone { statement } => Some(format!("done {}", statement.number)),
                Event::IndexDropped { name } => Some(format!("dropped {name}")),
                Event::Retrying { attempt, .. } => Some(format!("retry {attempt}")),
                _ => None,
            });
        });
        (done.await.map(|applied| applied.len()), told)
    }

    async fn sql(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.expect("it runs");
    }

    /// As a run leaves the ledger that is killed while a statement runs, and the catalog as `sql` makes it.
    async fn broke_off(&self, statement: usize, text: &str, found: &str, sql: &str) {
        self.sql(sql).await;
        let migration = self.folder.read().expect("migrations").remove(0);
        let text = serde_json::to_string(text).expect("JSON");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        self.sql(&format!(
            "INSERT INTO orm_migrate.ledger VALUES ('{}', '{empty}', now(), '0', 'me', '1', 'migration', 9, {}, \
             format('{{\"statement\":{statement},\"text\":%s,\"found\":%s}}', $t${text}$t$, coalesce(({found})::text, 'null')))",
            migration.name,
            statement - 1,
        ))
        .await;
    }
}

/// A database with a ledger and some tables, and one migration that has not run.
async fn case(up: &str) -> Case {
    let case = Case::new(&[]);
    case.apply(&Options::default()).await.expect_err("no folder");
    case.folder.create().expect("a folder");
    case.apply(&Options::default()).await.expect("a ledger");
    case.sql(
        "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1); CREATE TABLE p (id int) PARTITION BY RANGE (id); \
         CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (2)",
    )
    .await;
    case.folder.write(&draft(0, &format!("{ALONE}{up}"))).expect("a migration");
    case
}

const VALID: &str = "SELECT count(*) FROM pg_index WHERE indisvalid AND indrelid = 'a'::regclass";
const INVALID: &str = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";

/// There is no way to ask for one: the catalog is changed by hand.
fn invalid(index: &str) -> String {
    format!("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{index}'::regclass")
}

#[tokio::test]
async fn an_index_that_was_made_before_its_record_counts_as_done() {
    let create = "CREATE INDEX CONCURRENTLY i ON a (id)";
    let case = case(create).await;
    case.broke_off(1, create, "NULL", "CREATE INDEX i ON a (id)").await;
    let (done, told) = case.told().await;
    assert_eq!((done.expect("applied"), told), (1, vec!["done 1".to_owned()]));
    assert_eq!((case.number(VALID).await, case.number(LEDGER).await), (1, 1));
}

#[tokio::test]
async fn an_index_that_was_there_before_is_not_taken_for_ours() {
    let create = "CREATE INDEX CONCURRENTLY i ON a (id)";
    let case = case(create).await;
    case.broke_off(1, create, "'i'::regclass::oid", "CREATE INDEX i ON a (id)").await;
    for _ in 0..2 {
        let said = case.fails().await;
        assert!(said.contains("relation \"i\" already exists"), "{said}");
    }
    assert_eq!(case.number("SELECT count(*) FROM orm_migrate.ledger").await, 0);
}

#[tokio::test]
async fn an_invalid_index_of_a_run_that_broke_off_is_made_anew() {
    let create = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY public.a (id)";
    let case = case(create).await;
    let sql = format!("CREATE INDEX i ON a (id); {}", invalid("i"));
    case.broke_off(1, create, "NULL", &sql).await;
    let (done, told) = case.told().await;
    assert_eq!((done.expect("applied"), told), (1, vec!["dropped public.i".to_owned()]));
    assert_eq!((case.number(VALID).await, case.number(INVALID).await), (1, 0));
}

#[tokio::test]
async fn a_statement_that_was_rewritten_leaves_no_invalid_index_behind() {
    let case = case("CREATE INDEX CONCURRENTLY j ON a (id)").await;
    let sql = format!("CREATE UNIQUE INDEX i ON c (id); {}", invalid("i"));
    case.broke_off(1, "CREATE UNIQUE INDEX CONCURRENTLY i ON c (id)", "NULL", &sql).await;
    let (done, told) = case.told().await;
    assert_eq!((done.expect("applied"), told), (1, vec!["dropped public.i".to_owned()]));
    assert_eq!((case.number(VALID).await, case.number(INVALID).await), (1, 0));
}

#[tokio::test]
async fn a_unique_index_that_fails_leaves_nothing_behind() {
    let case = case("CREATE UNIQUE INDEX CONCURRENTLY u ON a (id)").await;
    let (done, told) = case.told().await;
    let said = done.expect_err("not unique").to_string();
    assert!(said.contains("Key (id)=(1) is duplicated") && said.contains("nothing of"), "{said}");
    assert_eq!((told, case.number(INVALID).await), (vec!["dropped public.u".to_owned()], 0));
    assert_eq!(case.number("SELECT count(*) FROM orm_migrate.ledger").await, 0);
    case.sql("DELETE FROM a").await;
    assert_eq!(case.told().await.0.expect("applied"), 1);
}

#[tokio::test]
async fn an_index_that_is_gone_counts_as_dropped() {
    let drop = "DROP INDEX CONCURRENTLY i";
    let case = case(drop).await;
    case.broke_off(1, drop, "999999", "SELECT").await;
    let (done, told) = case.told().await;
    assert_eq!((done.expect("applied"), told), (1, vec!["done 1".to_owned()]));
}

#[tokio::test]
async fn an_index_that_nobody_dropped_is_not_taken_for_dropped() {
    let case = case("DROP INDEX CONCURRENTLY i").await;
    for _ in 0..2 {
        let said = case.fails().await;
        assert!(said.contains("index \"i\" does not exist"), "{said}");
    }
}

#[tokio::test]
async fn a_partition_that_is_being_detached_is_finalized() {
    let detach = "ALTER TABLE p DETACH PARTITION c CONCURRENTLY";
    let case = case(detach).await;
    let pending = "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'c'::regclass";
    case.broke_off(1, detach, "'c'::regclass::oid", pending).await;
    assert_eq!(case.told().await.0.expect("applied"), 1);
    assert_eq!(case.number("SELECT count(*) FROM pg_inherits").await, 0);
}

#[tokio::test]
async fn a_partition_that_is_detached_counts_as_done() {
    let detach = "ALTER TABLE p DETACH PARTITION c CONCURRENTLY";
    let case = case(detach).await;
    case.broke_off(1, detach, "'c'::regclass::oid", "ALTER TABLE p DETACH PARTITION c").await;
    let (done, told) = case.told().await;
    assert_eq!((done.expect("applied"), told), (1, vec!["done 1".to_owned()]));
}

#[tokio::test]
async fn half_made_copies_of_a_reindex_are_dropped() {
    let reindex = "REINDEX TABLE CONCURRENTLY a";
    let case = case(reindex).await;
    let sql = format!(
        "CREATE INDEX i ON a (id); CREATE INDEX i_ccnew ON a (id); CREATE INDEX i_ccnew1 ON a (id); {}; {}",
        invalid("i_ccnew"),
        invalid("i_ccnew1")
    );
    case.broke_off(1, reindex, "NULL", &sql).await;
    let (done, told) = case.told().await;
    assert_eq!((done.expect("applied"), told.len()), (1, 2));
    assert_eq!((case.number(VALID).await, case.number(INVALID).await), (1, 0));
}

#[tokio::test]
async fn an_index_that_does_not_get_its_lock_is_tried_again_without_what_it_left() {
    let case = case("CREATE INDEX CONCURRENTLY i ON a (id)").await;
    let other = case.connect().await;
    // The index waits for this transaction when it has been made, and is then invalid.
    other.batch_execute("BEGIN; UPDATE a SET id = id").await.expect("a transaction");
    let options = Options {
        concurrent_lock_timeout: Duration::from_millis(100),
        lock_timeout: Duration::from_millis(100),
        ..Options::default()
    };
    let release = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        other.batch_execute("COMMIT").await.expect("released");
    };
    let mut retries = 0;
    let config = case.config();
    let run = apply(&config, &case.folder, &options, |event| {
        retries += u32::from(matches!(event, Event::Retrying { .. }));
    });
    let (applied, ()) = tokio::join!(run, release);
    assert_eq!(applied.expect("applied").len(), 1);
    assert!(retries > 0);
    assert_eq!((case.number(VALID).await, case.number(INVALID).await), (1, 0));
}

#[tokio::test]
async fn a_statement_that_needs_no_transaction_of_ours_runs_outside_of_one() {
    let case = case(
        "VACUUM a; CREATE PROCEDURE q() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO a VALUES (2); COMMIT; \
         INSERT INTO a VALUES (3); END $$; CALL q();",
    )
    .await;
    assert_eq!(case.apply(&Options::default()).await.expect("applied"), 1);
    assert_eq!(case.number("SELECT count(*) FROM a WHERE id > 1").await, 2);
}

#[tokio::test]
async fn settings_hold_again_when_a_run_goes_on() {
    let up = "CREATE SCHEMA s; CREATE TABLE s.t (id int); SET search_path = s;\n\
        CREATE INDEX CONCURRENTLY i ON t (id); SELECT 1 / count(*) FROM t;";
    let case = case(up).await;
    assert!(case.fails().await.contains("its first 4 statements"));
    case.sql("INSERT INTO s.t VALUES (1)").await;
    assert_eq!(case.told().await.0.expect("applied"), 1);
}

#[tokio::test]
async fn a_statement_is_repeated_until_it_changes_nothing() {
    let case = case(
        "INSERT INTO a SELECT generate_series(1, 95);\n-- orm:repeat\n\
         UPDATE a SET id = -id WHERE ctid IN (SELECT ctid FROM a WHERE id > 0 LIMIT 10);\n\
         CREATE INDEX CONCURRENTLY i ON a (id);",
    )
    .await;
    let mut runs = Vec::new();
    let told = |event: &Event<'_>| {
        if let Event::Repeated { rows, .. } = event {
            runs.push(*rows);
        }
    };
    apply(&case.config(), &case.folder, &Options::default(), told).await.expect("applied");
    assert_eq!((runs.len(), runs.last()), (10, Some(&97)));
    assert_eq!(case.number("SELECT count(*) FROM a WHERE id > 0").await, 0);
    assert_eq!(case.number(LEDGER).await, 1);
}

#[tokio::test]
async fn an_index_without_a_name_is_refused_before_anything_runs() {
    let case = case("CREATE TABLE b ();\nCREATE INDEX CONCURRENTLY ON a (id);").await;
    let said = case.fails().await;
    assert!(said.contains("line 3: an index") && said.contains("nothing was applied"), "{said}");
}

#[tokio::test]
async fn a_ledger_of_an_earlier_version_goes_on_working() {
    let case = case("CREATE INDEX CONCURRENTLY i ON a (id)").await;
    case.sql("ALTER TABLE orm_migrate.ledger DROP started").await;
    assert_eq!(case.told().await.0.expect("applied"), 1);
    assert_eq!(case.number(VALID).await, 1);
}

#[tokio::test]
async fn a_migration_may_run_as_another_role_that_has_no_ledger() {
    let up = "DO $$ BEGIN CREATE ROLE the_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n\
        GRANT CREATE ON SCHEMA public TO the_owner; SET ROLE the_owner; CREATE TABLE t (id int);\n\
        CREATE INDEX CONCURRENTLY i ON t (id);\n-- orm:repeat\nDELETE FROM t;\nCREATE UNIQUE INDEX CONCURRENTLY u ON t ((1));\n\
        -- orm:segment transaction\nCREATE TABLE v (id int);";
    let case = case(up).await;
    assert_eq!(case.told().await.0.expect("applied"), 1);
    let owned =
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relowner = 'the_owner'::regrole";
    assert_eq!((case.number(owned).await, case.number(LEDGER).await), (2, 1));
}
