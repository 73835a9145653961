//! `repair`: says what is wrong, and mends it line by line; nothing that was not asked for.

use crate::support::{Case, Tables};
use serde_json::json;

const ONE: Tables = &[("user", &["id bigint"])];
const TWO: Tables = &[("user", &["id bigint", "email text"])];

fn two() -> Case {
    let case = Case::new();
    for (name, tables) in [("one", ONE), ("two", TWO)] {
        case.diff(name, tables);
        case.apply();
    }
    case
}

#[test]
fn without_trouble_there_is_nothing_to_mend() {
    let said = two().run(&["repair"]).ok();
    assert_eq!(said.out, "nothing keeps `orm-migrate apply` from going on\n");
}

#[test]
fn an_edited_file_is_recorded_as_it_is_now() {
    let case = two();
    let made = case.find("one");
    std::fs::write(made.up_path(), format!("-- a comment\n{}", made.up)).expect("written");
    case.run(&["apply"]).fails(5, &["was edited after it was applied"]);
    let flag = format!("repair --edited {}", made.name);
    case.run(&["repair"]).fails(5, &["was edited after it was applied", &flag]);
    case.run(&["apply"]).fails(5, &[]);
    let said = case.run(&["repair", "--edited", "one"]).ok();
    assert_eq!(said.out, format!("{}: recorded as it is now\n", made.name));
    assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
    case.by_hand("three", "SELECT 1", None);
    case.run(&["repair", "--edited", "three"]).fails(1, &["was not applied"]);
}

#[test]
fn an_edited_file_keeps_its_place_in_the_order() {
    let case = two();
    let made = case.find("one");
    let when = "SELECT applied_at::text FROM orm_migrate.ledger ORDER BY name";
    let before = case.rows(when);
    std::fs::write(made.up_path(), format!("-- a comment\n{}", made.up)).expect("written");
    case.run(&["repair", "--edited", "one"]).ok();
    assert_eq!(case.rows(when), before);
    let said = case.run(&["down", "--dry-run"]).all();
    assert!(said.contains(&case.name("two")), "{said}");
}

#[test]
fn what_is_gone_for_good_is_forgotten() {
    let case = two();
    let made = case.find("two");
    std::fs::remove_dir_all(&made.path).expect("removed");
    case.run(&["repair"]).fails(5, &["is not in the folder", "repair --forget"]);
    let near = made.name.replace("two", "twi");
    case.run(&["repair", "--forget", &near]).fails(1, &["did you mean", &made.name]);
    case.run(&["repair", "--forget", &case.name("one")]).fails(1, &["is in the folder"]);
    case.run(&["repair", "--forget", &made.name]).ok();
    assert_eq!(case.ledger(), [case.name("one")]);
    case.run(&["repair"]).ok();
}

#[test]
fn what_was_done_or_undone_by_hand_is_recorded() {
    let case = two();
    case.by_hand("three", "CREATE TABLE t (id int)", Some("DROP TABLE t"));
    case.sql("CREATE TABLE t (id int)");
    case.run(&["apply"]).fails(1, &["already exists"]);
    case.run(&["repair", "--applied", "three"]).ok();
    assert_eq!(
        case.rows("SELECT kind FROM orm_migrate.ledger WHERE name LIKE '%three'"),
        ["by hand"]
    );
    assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
    case.run(&["repair", "--applied", "three"]).fails(1, &["is applied already"]);
    case.sql("DROP TABLE t");
    let said = case.run(&["repair", "--rolled-back", "three", "--json"]).ok().json();
    assert_eq!(said["mended"], json!("recorded as not applied"));
    case.apply();
    assert_eq!(case.columns("t"), "id");
    case.run(&["repair", "--rolled-back", "nine"]).fails(1, &["nine"]);
    case.run(&["repair", "--rolled-back", "one", "--forget", "two"])
        .fails(64, &["cannot be used with"]);
}

#[test]
fn what_was_begun_and_an_invalid_index_are_said() {
    let case = two();
    case.sql("INSERT INTO \"user\" VALUES (1), (1)");
    case.by_hand(
        "index",
        "-- orm:segment autocommit\nSELECT 1;\nCREATE UNIQUE INDEX CONCURRENTLY i ON \"user\" (id);",
        None,
    );
    case.run(&["apply"]).fails(7, &["could not create unique index"]);
    case.run(&["repair"]).fails(7, &["1 of 2 statements are done", "goes on there"]);
    // Somebody tried the same by hand.
    let config = orm_core::exec::Config::from_url(case.database.url()).expect("a URL");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let connection = orm_core::exec::Connection::connect(&config).await.expect("a session");
        let sql = "CREATE UNIQUE INDEX CONCURRENTLY k ON \"user\" (id)";
        connection.batch_execute(sql).await.expect_err("duplicates");
    });
    let said = case.run(&["repair", "--json"]).fails(7, &[]).json();
    assert_eq!(said["invalid_indexes"], json!(["k"]));
    assert_eq!(said["partial"]["statements_done"], json!(1));
}

#[test]
fn who_holds_the_lock_is_said() {
    let case = two();
    let held = case.hold("SELECT pg_advisory_lock((('x' || '6f726d5f6d696772')::bit(64))::bigint)");
    let said = case.run(&["repair", "--json"]).fails(6, &[]).json();
    assert!(said["lock"]["pid"].as_i64().is_some_and(|pid| pid > 0), "{said}");
    case.run(&["repair"])
        .fails(6, &["migrations are being applied by pid", "pg_terminate_backend("]);
    drop(held);
}
