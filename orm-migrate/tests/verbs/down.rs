//! `down`: what was applied last is undone, with its line in the ledger; nothing is lost that nobody allowed.

use crate::support::{Case, Tables};
use serde_json::json;

const ONE: Tables = &[("user", &["id bigint"])];
const TWO: Tables = &[("user", &["id bigint", "email text"])];
const THREE: Tables = &[("user", &["id bigint", "email text"]), ("team", &["id bigint"])];

fn three() -> Case {
    let case = Case::new();
    for (name, tables) in [("one", ONE), ("two", TWO), ("three", THREE)] {
        case.diff(name, tables);
        case.apply();
    }
    case
}

#[test]
fn the_last_is_undone_and_may_be_applied_again() {
    let case = three();
    let said = case.run(&["down"]).ok();
    assert!(said.out.contains(&format!("undone {}", case.name("three"))), "{}", said.out);
    assert!(said.out.ends_with("1 migration undone\n"), "{}", said.out);
    assert_eq!(case.ledger(), [case.name("one"), case.name("two")]);
    assert_eq!(case.columns("team"), "");
    case.apply();
    assert_eq!((case.columns("team"), case.ledger().len()), ("id".to_owned(), 3));
    let undone = case.run(&["down", "--steps", "2", "--json"]).ok().json();
    let names: Vec<_> =
        undone["undone"].as_array().expect("a list").iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, [json!(case.name("three")), json!(case.name("two"))]);
    assert_eq!(case.columns("user"), "id");
    case.apply();
    case.run(&["down", "--to", "one"]).ok();
    assert_eq!((case.columns("user"), case.ledger().len()), ("id".to_owned(), 1));
    case.run(&["down", "--to", "three"]).fails(1, &["is not applied to this database"]);
    case.run(&["down", "--steps", "9"]).ok();
    assert!(case.ledger().is_empty());
    assert_eq!(case.run(&["down"]).ok().out, "nothing to undo\n");
    case.run(&["down", "--steps", "0"]).fails(64, &["a number from 1"]);
}

#[test]
fn a_dry_run_prints_and_changes_nothing() {
    let case = three();
    case.sql("INSERT INTO team VALUES (1)");
    let said = case.run(&["down", "--dry-run", "--steps", "2"]).ok();
    for part in [
        &*format!("would undo {}", case.name("three")),
        "DROP TABLE \"public\".\"team\";",
        "DROP COLUMN \"email\"",
        "2 migrations would be undone; nothing was changed",
        "loses ",
        "the rows of table public.team",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let said = case.run(&["down", "--dry-run", "--json"]).ok().json();
    assert_eq!(said["undo"][0]["name"], json!(case.name("three")));
    assert_eq!(said["undo"][0]["loses"].as_array().map(Vec::len), Some(1), "{said}");
    assert_eq!(case.ledger().len(), 3);
}

#[test]
fn rows_and_values_are_lost_only_when_that_is_allowed() {
    let case = three();
    case.sql("INSERT INTO team VALUES (1)");
    let refused =
        case.run(&["down"]).fails(3, &["the rows of table public.team", "--allow-destructive"]);
    assert_eq!(refused.out, "");
    let said = case.run(&["down", "--json"]).fails(3, &[]).json();
    assert!(said["error"]["details"]["loses"][0].to_string().contains("public.team"), "{said}");
    assert_eq!(case.ledger().len(), 3);
    case.run(&["down", "--allow-destructive"]).ok();
    // A column without a value loses none.
    case.sql("INSERT INTO \"user\" VALUES (1, 'a@b')");
    case.run(&["down"]).fails(3, &["the values of column public.user.email"]);
    case.sql("UPDATE \"user\" SET email = NULL");
    case.run(&["down"]).ok();
    // What up.sql has dropped does not come back.
    case.apply();
    case.diff("less", ONE);
    case.apply();
    let refused = case.run(&["down"]).fails(3, &["does not come back"]);
    assert!(refused.error.contains("email") && refused.error.contains("team"), "{}", refused.error);
    case.run(&["down", "--allow-destructive"]).ok();
    assert_eq!(case.columns("user"), "email id");
}

#[test]
fn sql_by_hand_that_drops_is_not_run_unless_that_is_allowed() {
    let case = Case::new();
    case.by_hand("a", "CREATE TABLE a (id int);", Some("DROP TABLE a;"));
    case.by_hand("b", "CREATE INDEX i ON a (id);", Some("DROP INDEX i;"));
    case.apply();
    case.run(&["down"]).ok();
    case.run(&["down"]).fails(3, &["statement 1 of down.sql", "DROP TABLE a"]);
    case.run(&["down", "--allow-destructive"]).ok();
    assert!(case.ledger().is_empty());
}

#[test]
fn without_a_way_back_nothing_is_undone() {
    let case = Case::new();
    case.by_hand("a", "CREATE TABLE a (id int);", None);
    case.by_hand("b", "CREATE TABLE b (id int);", Some("DROP TABLE b;"));
    case.apply();
    // Also not the later one, which has a way back.
    case.run(&["down", "--steps", "2"]).fails(1, &["_a has no down.sql", "hint: write one"]);
    assert_eq!(case.ledger().len(), 2);
    case.run(&["new", "c", "--down"]).ok();
    let made = case.find("c");
    std::fs::write(made.up_path(), "CREATE TABLE c ();").expect("written");
    case.apply();
    case.run(&["down"]).fails(1, &["_c/down.sql has no statement"]);
    std::fs::write(made.up_path(), "SELECT 1;").expect("written");
    case.run(&["down"]).fails(5, &["edited after it was applied"]);
    std::fs::remove_dir_all(made.path).expect("removed");
    case.run(&["down"]).fails(5, &["is not in the folder"]);
}

#[test]
fn a_way_back_that_fails_leaves_the_migration_applied() {
    let case = Case::new();
    case.by_hand("a", "CREATE TABLE a (id int);", Some("CREATE TABLE b ();\nSELECT nothing;"));
    case.apply();
    let said = case.run(&["down"]).fails(
        1,
        &["_a/down.sql", "statement 2 of 2, line 2", "column \"nothing\" does not exist"],
    );
    assert!(said.error.contains("nothing of this migration was kept"), "{}", said.error);
    assert_eq!((case.ledger().len(), case.columns("b")), (1, String::new()));
    assert_eq!(case.rows("SELECT to_regclass('b')::text"), [""]);
}

#[test]
fn a_way_back_outside_of_transactions_goes_on_where_it_stopped() {
    let case = Case::new();
    let down = "-- orm:segment autocommit\nDROP INDEX CONCURRENTLY i;\nDROP INDEX CONCURRENTLY j;";
    case.by_hand("a", "CREATE TABLE a (id int); CREATE INDEX i ON a (id);", Some(down));
    case.apply();
    case.run(&["down"]).fails(7, &["statement 2 of 2", "first statement is done"]);
    assert_eq!(case.ledger().len(), 2, "the line of the migration and that of its way back");
    for verb in ["status", "apply"] {
        case.run(&[verb])
            .fails(5, &["undone in part: 1 of 2", "orm-migrate down", "--rolled-back"]);
    }
    case.sql("CREATE INDEX j ON a (id)");
    let said = case.run(&["down"]).ok();
    assert!(said.out.contains("after 1 of 2 statements"), "{}", said.out);
    assert!(case.ledger().is_empty());
    assert_eq!(case.rows("SELECT count(*)::text FROM pg_indexes WHERE tablename = 'a'"), ["0"]);
}

#[test]
fn a_lock_that_is_not_obtained_is_reported_and_nothing_is_undone() {
    let case = three();
    let held = case.hold("LOCK TABLE team IN ACCESS SHARE MODE");
    let arguments = ["down", "--lock-timeout", "20", "--timeout", "1"];
    let said = case.run(&arguments);
    assert!(said.code != Some(0) && said.error.contains("down.sql"), "{}", said.all());
    assert_eq!(case.ledger().len(), 3);
    drop(held);
    case.run(&["down"]).ok();
}

#[test]
fn branches_are_undone_in_the_order_in_which_they_were_applied() {
    let root = Case::new();
    root.diff("root", ONE);
    root.apply();
    let (a, b) = (root.branch(), root.branch());
    a.apply();
    b.apply();
    a.diff("a", TWO);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    b.diff("b", &[("user", &["id bigint"]), ("team", &["id bigint"])]);
    // The later name first.
    root.merge(&b);
    root.apply();
    root.merge(&a);
    root.apply();
    assert!(root.name("a") < root.name("b"));
    let undone = root.run(&["down", "--json"]).ok().json();
    assert_eq!(undone["undone"][0]["name"], json!(root.name("a")));
}

#[test]
fn two_at_once_undo_each_migration_once() {
    let case = three();
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let mut command = case.command(&["down", "--to", "one", "--json"]);
            command.stdout(std::process::Stdio::piped()).spawn().expect("it runs")
        })
        .collect();
    let mut undone = 0;
    for run in runs {
        let output = run.wait_with_output().expect("it ends");
        assert!(output.status.success());
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        undone += said["undone"].as_array().map_or(0, Vec::len);
    }
    assert_eq!((undone, case.ledger().len()), (2, 1));
}
