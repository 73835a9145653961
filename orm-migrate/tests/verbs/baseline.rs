//! `baseline`: a database that was made by other means gets a history.

use crate::support::{Case, Tables};
use serde_json::json;

const WORLD: &str = "CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE \"user\" (id bigint NOT NULL, email text, feels mood DEFAULT 'ok');
    CREATE TABLE legacy (id bigint PRIMARY KEY);
    CREATE STATISTICS odd ON id, email FROM \"user\";
    INSERT INTO legacy VALUES (1)";
const OURS: Tables = &[("user", &["id bigint", "email text"])];

fn adopted() -> Case {
    let case = Case::new();
    case.sql(WORLD);
    let to = case.declare(OURS);
    let said = case.run(&["baseline", "--to", &to, "--json"]).ok().json();
    assert_eq!(said["managed"], json!(["\"user\""]));
    assert_eq!(said["recorded"], json!([case.name("baseline")]));
    assert!(said["left_out"].to_string().contains("statistics"), "{said}");
    case
}

#[test]
fn what_a_database_has_becomes_its_first_migration() {
    let case = adopted();
    assert_eq!(case.ledger(), [case.name("baseline")]);
    assert_eq!(case.rows("SELECT kind FROM orm_migrate.ledger"), ["baseline"]);
    let made = case.find("baseline");
    assert!(made.up.contains("CREATE TABLE \"public\".\"legacy\"") && made.down.is_none());
    assert_eq!(made.plan.expect("a plan").tables, [["public", "user"]]);
    // Nothing is left to apply, and nothing was run.
    assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
    assert_eq!(case.rows("SELECT id::text FROM legacy"), ["1"]);
    // What the crate does not declare of what is ours is a difference, and what is another's is left alone.
    let next = case.diff("next", OURS);
    assert!(
        next.up.contains("DROP COLUMN \"feels\"") && !next.up.contains("legacy"),
        "{}",
        next.up
    );
    case.apply();

    // An empty database runs it.
    let empty = case.branch();
    empty.apply();
    assert_eq!(empty.columns("user"), "email id");
    assert_eq!(empty.columns("legacy"), "id");
}

#[test]
fn another_database_joins_when_it_has_what_the_first_migration_makes() {
    let case = adopted();
    let other = case.branch();
    other
        .sql("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE legacy (id bigint PRIMARY KEY)");
    let said = other.run(&["baseline"]).fails(2, &["nothing was recorded", "table \"user\""]);
    assert!(!said.out.contains("legacy"), "{}", said.out);
    assert!(other.rows("SELECT to_regclass('orm_migrate.ledger')::text") == [""]);
    other.sql("CREATE TABLE \"user\" (id bigint NOT NULL, email text, feels mood DEFAULT 'ok')");
    other.sql("CREATE TABLE mine_alone (id int)");
    let said = other.run(&["baseline"]).ok();
    assert!(said.out.contains(&format!("recorded {}", case.name("baseline"))), "{}", said.out);
    assert_eq!(other.run(&["apply"]).ok().out, "nothing to apply\n");
    // And only once.
    other.run(&["baseline"]).fails(5, &["has a history already", "orm-migrate status"]);
}

#[test]
fn a_baseline_is_the_first_or_none() {
    let case = adopted();
    let to = case.declare(OURS);
    case.run(&["baseline", "again", "--to", &to]).fails(5, &["the folder has migrations"]);
    let empty = Case::new();
    empty.run(&["baseline", "--at", "x", "--to", &to]).fails(5, &["the folder is empty"]);
    std::fs::remove_dir_all(case.migrations()).expect("removed");
    case.run(&["baseline", "--to", &to]).fails(5, &["has a history already"]);
    assert!(case.read().is_empty());
}

#[test]
fn two_at_once_record_one_baseline() {
    let case = adopted();
    let other = case.branch();
    other.apply();
    other.sql("DROP SCHEMA orm_migrate CASCADE");
    let all: Vec<Option<i32>> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| other.run(&["baseline"]).code)).collect();
        runs.into_iter().map(|run| run.join().expect("an end")).collect()
    });
    assert_eq!(all.iter().filter(|code| **code == Some(0)).count(), 1, "{all:?}");
    assert_eq!(all.iter().filter(|code| **code == Some(5)).count(), 2, "{all:?}");
    assert_eq!(other.ledger().len(), 1);
}
