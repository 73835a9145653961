//! Applying migrations to a real database: what is kept, what is refused, what is said.

mod alone;
mod embedded;
mod errors;
mod flags;
mod pooler;
mod progress;
mod room;

use orm_core::exec::{Config, Connection};
use orm_migrate::apply::{ApplyError, Options, apply};
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::{Draft, Folder, PlanFile};
use std::time::Duration;

struct Case {
    database: TestDatabase,
    _place: tempfile::TempDir,
    folder: Folder,
}

impl Case {
    fn new(migrations: &[&str]) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(place.path().join("migrations"));
        for (index, up) in migrations.iter().enumerate() {
            folder.write(&draft(index, up)).expect("a migration");
        }
        Self { database: test_database().expect("a database"), _place: place, folder }
    }

    fn config(&self) -> Config {
        Config::from_url(self.database.url()).expect("a URL")
    }

    async fn connect(&self) -> Connection {
        Connection::connect(&self.config()).await.expect("a session")
    }

    async fn apply(&self, options: &Options) -> Result<usize, ApplyError> {
        apply(&self.config(), &self.folder, options, |_| {}).await.map(|applied| applied.len())
    }

    async fn fails(&self) -> String {
        self.apply(&Options::default()).await.expect_err("an error").to_string()
    }

    async fn number(&self, sql: &str) -> i64 {
        let rows =
            self.connect().await.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("rows");
        rows[0].get(0)
    }

    fn edit(&self, index: usize, up: &str) {
        let migration = self.folder.read().expect("migrations").swap_remove(index);
        std::fs::write(migration.up_path(), up).expect("written");
    }
}

fn draft(index: usize, up: &str) -> Draft {
    Draft { name: format!("m{index}"), up: up.to_owned(), down: None, plan: PlanFile::default() }
}

const TABLES: &str = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
const LEDGER: &str = "SELECT count(*) FROM orm_migrate.ledger WHERE statements = statements_done";

#[tokio::test]
async fn what_is_pending_is_applied_once() {
    let case = Case::new(&["CREATE TABLE a (); CREATE TABLE b ();", "CREATE TABLE c ();"]);
    assert_eq!(case.apply(&Options::default()).await.expect("applied"), 2);
    assert_eq!(case.apply(&Options::default()).await.expect("nothing to do"), 0);
    assert_eq!((case.number(TABLES).await, case.number(LEDGER).await), (3, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_at_once_apply_everything_exactly_once() {
    let case = Case::new(&["CREATE TABLE a ();", "SELECT pg_sleep(0.1); CREATE TABLE b ();"]);
    let runs = (0..8).map(|_| {
        let (config, folder) = (case.config(), case.folder.clone());
        tokio::spawn(async move { apply(&config, &folder, &Options::default(), |_| {}).await })
    });
    let mut applied = 0;
    for run in runs.collect::<Vec<_>>() {
        applied += run.await.expect("no panic").expect("applied").len();
    }
    assert_eq!((applied, case.number(TABLES).await), (2, 2));
}

#[tokio::test]
async fn a_statement_that_fails_leaves_the_database_as_it_was() {
    let case = Case::new(&[
        "CREATE TABLE a (id int);",
        "CREATE TABLE b (id int);\nINSERT INTO a VALUES (NULL);\nALTER TABLE a\n  ALTER id SET NOT NULL;",
    ]);
    let said = case.fails().await;
    for part in ["_m1/up.sql", "statement 3 of 3", "line 3", "contains null values", "nothing of"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!((case.number(TABLES).await, case.number(LEDGER).await), (1, 1));
    assert_eq!(case.number("SELECT count(*) FROM a").await, 0);
    case.edit(1, "CREATE TABLE b (id int);");
    assert_eq!(case.apply(&Options::default()).await.expect("applied"), 1);
}

#[tokio::test]
async fn an_error_names_the_line_and_gives_postgres_own_hint() {
    let case = Case::new(&["SELECT 1;\n\nSELECT\n  length(1);"]);
    let said = case.fails().await;
    for part in ["line 4", "function length(integer) does not exist", "HINT: No function matches"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[tokio::test]
async fn a_constraint_that_fails_at_commit_keeps_nothing() {
    let case = Case::new(&["CREATE TABLE a (id int PRIMARY KEY); \
        CREATE TABLE b (id int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO b VALUES (1);"]);
    let said = case.fails().await;
    assert!(said.contains("could not be committed") && said.contains("Key (id)=(1)"), "{said}");
    assert_eq!(case.number(TABLES).await, 0);
}

#[tokio::test]
async fn an_edited_migration_is_a_conflict() {
    let case = Case::new(&["CREATE TABLE a ();"]);
    case.apply(&Options::default()).await.expect("applied");
    case.edit(0, "CREATE TABLE a ();\r\n");
    assert_eq!(case.apply(&Options::default()).await.expect("line ends are no edit"), 0);
    case.edit(0, "CREATE TABLE a (id int);");
    let said = case.fails().await;
    assert!(said.contains("edited after it was applied"), "{said}");
}

#[tokio::test]
async fn a_lock_held_by_another_session_names_its_holder() {
    let case = Case::new(&["CREATE TABLE a ();"]);
    let other = case.connect().await;
    other.batch_execute("SET application_name = 'the other'; SELECT pg_advisory_lock(x'6f726d5f6d696772'::bigint)")
        .await
        .expect("the lock");
    let options = Options { lock_wait: Duration::from_millis(50), ..Options::default() };
    let error = case.apply(&options).await.expect_err("locked");
    assert!(matches!(error, ApplyError::Locked { holder: Some(_), .. }), "{error}");
    assert!(error.to_string().contains("the other"), "{error}");
    other.close().await;
    assert_eq!(case.apply(&Options::default()).await.expect("applied"), 1);
}

#[tokio::test]
async fn a_table_lock_that_is_not_obtained_is_tried_again_and_then_reported() {
    let case = Case::new(&["CREATE TABLE a ();"]);
    case.apply(&Options::default()).await.expect("applied");
    case.folder.write(&draft(1, "ALTER TABLE a ADD id int;")).expect("a migration");
    let other = case.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE a IN ACCESS SHARE MODE").await.expect("the lock");
    let lock_timeout = Duration::from_millis(30);
    let twice = Options { lock_timeout, attempts: 2, ..Options::default() };
    let error = case.apply(&twice).await.expect_err("locked");
    assert!(matches!(error, ApplyError::LockTimeout { attempts: 2, .. }), "{error}");
    let often = Options { lock_timeout, ..Options::default() };
    let release = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").await.expect("released");
    };
    let (applied, ()) = tokio::join!(case.apply(&often), release);
    assert_eq!(applied.expect("applied"), 1);
}

#[tokio::test]
async fn autocommit_segments_go_on_where_they_stopped() {
    let case = Case::new(&["CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);\n\
        -- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON a (id);\nCREATE UNIQUE INDEX CONCURRENTLY u ON a (id);"]);
    let said = case.fails().await;
    assert!(said.contains("statement 4 of 4") && said.contains("first 3 statements"), "{said}");
    assert_eq!(case.number(LEDGER).await, 0);
    case.connect().await.batch_execute("DELETE FROM a").await.expect("mended");
    assert_eq!(case.apply(&Options::default()).await.expect("resumed"), 1);
    assert_eq!(case.number("SELECT count(*) FROM pg_indexes WHERE tablename = 'a'").await, 2);
    assert_eq!(case.apply(&Options::default()).await.expect("nothing to do"), 0);
}

/// The whole file was read again for each statement: 1,000 of 1 KiB took minutes.
#[tokio::test]
async fn the_record_of_a_statement_costs_the_same_however_many_there_are() {
    let statement = |n: usize| format!("INSERT INTO a VALUES ({n}, '{}');\n", "x".repeat(1_000));
    let statements: String = (0..1_000).map(statement).collect();
    let up = format!("CREATE TABLE a (id int, b text);\n-- orm:segment autocommit\n{statements}");
    let case = Case::new(&[&up]);
    let options = Options::default();
    let applied = tokio::time::timeout(Duration::from_secs(90), case.apply(&options));
    assert_eq!(applied.await.expect("it ends in time").expect("applied"), 1);
    assert_eq!(
        (case.number("SELECT count(*) FROM a").await, case.number(LEDGER).await),
        (1_000, 1)
    );
}

#[tokio::test]
async fn a_temporary_table_of_another_transaction_is_refused_before_anything_runs() {
    let case = Case::new(&["CREATE TABLE a (id int);\nCREATE TEMP TABLE b AS SELECT 1 AS id;\n\
        -- orm:segment transaction\nINSERT INTO a SELECT id FROM b;"]);
    let said = case.fails().await;
    for part in ["up.sql", "line 2", "temporary table b", "on line 4", "-- orm:segment transaction"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(case.number(TABLES).await, 0);
    case.edit(0, "CREATE TABLE a (id int);\nCREATE TEMP TABLE b AS SELECT 1 AS id;\nINSERT INTO a SELECT id FROM b;");
    assert_eq!(case.apply(&Options::default()).await.expect("one transaction"), 1);
}
