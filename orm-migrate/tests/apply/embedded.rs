//! Migrations that are compiled into a program and applied when it starts.

use orm_core::exec::{Config, Db};
use orm_migrate::apply::Options;
use orm_migrate::devdb::{TestDatabase, test_database};
use orm_migrate::history::Folder;
use orm_migrate::{Embedded, embed_migrations};

/// A constant, as an application may want it.
const MIGRATIONS: Embedded = embed_migrations!("tests/apply/migrations");

fn db(database: &TestDatabase, max_connections: usize) -> Db {
    let config = Config::builder().url(database.url()).max_connections(max_connections).build();
    Db::connect_lazy(config.expect("settings")).expect("a database")
}

async fn number(db: &Db, sql: &str) -> i64 {
    db.connection()
        .await
        .expect("a session")
        .query::<orm_core::exec::DriverRow>(sql, &[])
        .await
        .expect("rows")[0]
        .get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_tasks_at_once_apply_everything_exactly_once() {
    let database = test_database().expect("a database");
    // The smallest pool: none of its sessions is used, so that nobody waits for one.
    let db = db(&database, 1);
    let held = db.connection().await.expect("the only session");
    let runs = (0..8).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { orm_migrate::apply(&db, MIGRATIONS).await })
    });
    let mut applied = Vec::new();
    for run in runs.collect::<Vec<_>>() {
        applied.extend(run.await.expect("no panic").expect("applied"));
    }
    drop(held);
    let names: Vec<_> = applied.iter().map(|applied| applied.name.as_str()).collect();
    assert_eq!(names, MIGRATIONS.names().collect::<Vec<_>>());
    assert_eq!(number(&db, "SELECT count(*) FROM a").await, 2);
    assert_eq!(number(&db, "SELECT count(*) FROM orm_migrate.ledger").await, 2);
}

#[tokio::test]
async fn what_is_embedded_is_what_the_tool_sees_in_the_folder() {
    let database = test_database().expect("a database");
    let folder = Folder::at(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/apply/migrations"));
    let read = folder.read().expect("migrations");
    for (embedded, read) in MIGRATIONS.migrations().expect("migrations").iter().zip(&read) {
        assert_eq!((&embedded.name, embedded.checksum()), (&read.name, read.checksum()));
    }
    assert_eq!(MIGRATIONS.names().count(), read.len());
    let db = db(&database, 1);
    orm_migrate::apply(&db, MIGRATIONS).await.expect("applied");
    let config = Config::from_url(database.url()).expect("a URL");
    let again = orm_migrate::apply::apply(&config, &folder, &Options::default(), |_| {}).await;
    assert_eq!(again.expect("nothing to do").len(), 0);
}

#[tokio::test]
async fn a_failure_names_the_file_as_the_program_knew_it() {
    let database = test_database().expect("a database");
    let db = db(&database, 1);
    db.connection()
        .await
        .expect("a session")
        .batch_execute("CREATE TABLE a ()")
        .await
        .expect("a table");
    let error = orm_migrate::apply(&db, MIGRATIONS).await.expect_err("a exists").to_string();
    let file = "tests/apply/migrations/20260101T000000_first/up.sql: statement 1 of 2, line 1";
    assert!(error.starts_with(file) && error.contains("already exists"), "{error}");
}

#[tokio::test]
async fn a_target_and_an_observer_may_be_given() {
    let database = test_database().expect("a database");
    let db = db(&database, 1);
    let options = Options { to: Some("first".to_owned()), ..Options::default() };
    let mut events = 0;
    let applied = orm_migrate::apply_with(&db, MIGRATIONS, &options, |_| events += 1).await;
    assert_eq!((applied.expect("applied").len(), events > 3), (1, true));
}

/// The folder after `orm-migrate squash`, with what it replaced still there, and after `squash --remove`.
const SQUASHED: Embedded = embed_migrations!("tests/apply/squashed");
const REMOVED: Embedded = embed_migrations!("tests/apply/squashed_and_removed");

#[tokio::test]
async fn a_squashed_migration_counts_as_applied_where_all_of_it_was() {
    for squashed in [SQUASHED, REMOVED] {
        let old = test_database().expect("a database");
        orm_migrate::apply(&db(&old, 1), MIGRATIONS).await.expect("applied");
        let applied = orm_migrate::apply(&db(&old, 1), squashed).await.expect("nothing to do");
        assert!(applied.is_empty(), "{applied:?}");
        let new = test_database().expect("a database");
        let applied = orm_migrate::apply(&db(&new, 1), squashed).await.expect("applied");
        assert_eq!(applied.len(), 1, "{applied:?}");
        assert_eq!(number(&db(&new, 1), "SELECT count(*) FROM a").await, 2);
    }
}

/// Two branches that change the same column.
const BRANCHES: Embedded = embed_migrations!("tests/apply/branches");

#[tokio::test]
async fn branches_that_contradict_each_other_are_found_before_they_run() {
    let database = test_database().expect("a database");
    let db = db(&database, 1);
    let error = orm_migrate::apply(&db, BRANCHES).await.expect_err("a conflict");
    assert!(error.to_string().contains("contradict"), "{error}");
    assert_eq!(number(&db, "SELECT count(*) FROM pg_class WHERE relname = 'a'").await, 0);
}
