//! A migration is tried on a scratch database, of which nothing stays.

use crate::Case;
use orm_core::exec::{Config, Connection};
use orm_migrate::scratch::{Proof, ScratchError, prove};

const FROM: &str = "CREATE TABLE t (id int PRIMARY KEY, name text)";

/// What the proof of `sql` says, between databases made by `from` and `to`.
async fn proof(from: &str, sql: &str, to: &str) -> Result<Proof, ScratchError> {
    let (from, to) = (Case::with(from).await, Case::with(to).await);
    let live = from.read().await.canonical;
    let found = prove(&from.config(), &live, sql, &to.read().await.canonical).await;
    assert_eq!(from.read().await.canonical, live, "the database itself was touched");
    let scratch = "SELECT count(*) FROM pg_database WHERE datname ~ $1";
    let pattern = format!("^orm_scratch_{}_", std::process::id());
    // Others of this process may be trying migrations of their own at the moment.
    for attempt in 0.. {
        let rows = from
            .connection
            .query::<orm_core::exec::DriverRow>(scratch, &[&pattern])
            .await
            .expect("rows");
        if rows[0].get::<_, i64>(0) == 0 {
            break;
        }
        assert!(attempt < 200, "a scratch database has stayed");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    found
}

#[tokio::test]
async fn a_migration_that_leads_there_is_proved() {
    let to = "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE u (id serial)";
    let sql = "ALTER TABLE t ALTER COLUMN name SET NOT NULL; CREATE TABLE u (id serial)";
    assert_eq!(proof(FROM, sql, to).await.expect("a proof"), Proof::Holds);
}

#[tokio::test]
async fn what_would_still_differ_is_listed() {
    let to = "CREATE TABLE t (id bigint PRIMARY KEY)";
    let found = proof(FROM, "CREATE TABLE stray (a int)", to).await.expect("a proof");
    let Proof::Differs(lines) = found else { panic!("{found:?}") };
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("\"id\" of \"t\"")), "{lines:#?}");
    assert!(lines.iter().any(|line| line == "drop column \"name\" of \"t\""), "{lines:#?}");
    assert!(lines.iter().any(|line| line == "drop table \"stray\""), "{lines:#?}");
}

#[tokio::test]
async fn a_migration_that_fails_is_an_error_with_the_words_of_the_server() {
    let error = proof(FROM, "ALTER TABLE t DROP COLUMN nam", FROM).await.expect_err("an error");
    assert!(matches!(error, ScratchError::Migration { .. }), "{error}");
    assert!(
        error.to_string().contains("column \"nam\" of relation \"t\" does not exist"),
        "{error}"
    );
}

#[tokio::test]
async fn a_schema_on_things_that_are_not_modelled_is_not_tried() {
    let from = "CREATE TYPE range AS RANGE (subtype = float8); CREATE TABLE t (a range)";
    let found = proof(from, "", from).await.expect("no error");
    let Proof::Skipped(reason) = found else { panic!("{found:?}") };
    assert!(reason.contains("type \"public.range\" does not exist"), "{reason}");
}

#[tokio::test]
async fn types_and_functions_that_nobody_declares_are_copied() {
    let from = "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a mood)";
    assert_eq!(proof(from, "", from).await.expect("a proof"), Proof::Holds);
}

#[tokio::test]
async fn a_migration_may_have_statements_outside_of_transactions() {
    let sql = "ALTER TABLE t ADD a int;\n-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON t (a);";
    let to = "CREATE TABLE t (id int PRIMARY KEY, name text, a int); CREATE INDEX i ON t (a)";
    assert_eq!(proof(FROM, sql, to).await.expect("a proof"), Proof::Holds);
}

#[tokio::test]
async fn a_role_that_may_not_create_databases_is_told_so() {
    let case = Case::with(FROM).await;
    let role = format!("proof_{}", case.database.name());
    case.run(&format!("CREATE ROLE \"{role}\" LOGIN NOCREATEDB")).await;
    let config = Config::builder().url(case.database.url()).user(&role).build().expect("settings");
    let live = case.read().await.canonical;
    let found = prove(&config, &live, "", &live).await.expect("no error");
    let Proof::Skipped(reason) = found else { panic!("{found:?}") };
    for part in [&format!("\"{role}\" may not create databases"), "CREATEDB", "--scratch-url"] {
        assert!(reason.contains(part), "{reason}");
    }
    case.run(&format!("DROP ROLE \"{role}\"")).await;
}

#[tokio::test]
async fn a_role_that_may_create_databases_needs_no_more() {
    let case = Case::with(FROM).await;
    let role = format!("creator_{}", case.database.name());
    case.run(&format!("CREATE ROLE \"{role}\" LOGIN CREATEDB")).await;
    let config = Config::builder().url(case.database.url()).user(&role).build().expect("settings");
    let live = case.read().await.canonical;
    // The database is its own, so it may create schemas and tables there.
    assert_eq!(prove(&config, &live, "", &live).await.expect("a proof"), Proof::Holds);
    Connection::connect(&config).await.expect("a session").close().await;
    case.run(&format!("DROP ROLE \"{role}\"")).await;
}
