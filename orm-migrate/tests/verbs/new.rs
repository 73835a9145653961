//! `new`: an empty migration for SQL by hand, that forgets nothing.

use crate::support::Case;

#[test]
fn an_empty_migration_keeps_what_is_managed_and_is_followed_by_a_diff() {
    let case = Case::new();
    case.diff("root", &[("user", &["id bigint"]), ("team", &["id bigint"])]);
    case.apply();
    let said = case.run(&["new", "fill team"]).ok();
    let made = case.find("fill_team");
    assert!(said.out.contains("up.sql") && said.out.contains("orm-migrate apply"), "{}", said.out);
    assert!(made.up.starts_with("-- fill team: written by hand.") && made.down.is_none());
    let plan = made.plan.clone().expect("a plan");
    assert_eq!(plan.parent, Some(case.name("root")));
    assert_eq!(plan.tables.len(), 2);
    std::fs::write(made.up_path(), made.up + "INSERT INTO team VALUES (1);\n").expect("written");
    case.run(&["diff", "more", "--to", &case.declare(&[("user", &["id bigint"])])]);
    case.apply();
    assert_eq!(case.rows("SELECT count(*)::text FROM team"), ["1"]);
    // The table that is no longer declared is still known to be ours.
    let next = case.diff("less", &[("user", &["id bigint", "name text"])]);
    let plan = next.plan.expect("a plan");
    assert_eq!(plan.parent, Some(case.name("fill_team")));
    assert_eq!(plan.drops, ["public.team"]);
    case.apply();
}

#[test]
fn a_first_migration_may_be_written_by_hand_with_a_way_back() {
    let case = Case::new();
    let said = case.run(&["new", "extension", "--down", "--json"]).ok().json();
    for file in ["up", "down"] {
        let path = said[file].as_str().expect("a path");
        assert!(std::fs::metadata(path).expect("a file").len() > 10, "{said}");
    }
    // As it stands it is not run: filled in later it would contradict the ledger.
    let up = said["up"].as_str().expect("a path").to_owned();
    case.run(&["apply"]).fails(1, &[&up, "has no statement", "-- orm:empty"]);
    assert!(case.ledger().is_empty());
    std::fs::write(&up, "CREATE EXTENSION citext;").expect("written");
    case.apply();
    assert_eq!(case.ledger().len(), 1);
    let said = case.run(&["new", "../elsewhere"]).fails(1, &["cannot name a migration"]);
    assert_eq!(said.out, "");
}

#[test]
fn a_file_without_a_statement_is_refused_until_it_says_that_this_is_on_purpose() {
    let case = Case::new();
    case.by_hand("one", "CREATE TABLE one (id int);", Some("DROP TABLE one;"));
    case.by_hand("two", "", None);
    let two = case.find("two").up_path();
    for unwritten in ["", "\n \t\n", "-- later\n", "/* SELECT 1; */ ;;", "\u{feff}"] {
        std::fs::write(&two, unwritten).expect("written");
        let path = two.display().to_string();
        case.run(&["apply"]).fails(1, &[&path, "has no statement", "nothing was applied"]);
        case.run(&["apply", "--dry-run"]).fails(1, &[&path, "has no statement"]);
    }
    // Also the one before it did not run, and up to that one all is well.
    assert_eq!(case.rows("SELECT to_regclass('one')::text"), [""]);
    case.run(&["apply", "--to", "one"]).ok();
    std::fs::write(&two, "-- orm:empty\nSELECT 1;").expect("written");
    case.run(&["apply"]).fails(1, &["line 1", "has statements"]);
    std::fs::write(&two, "-- Stands for a step that another tool did.\n-- orm:empty\n")
        .expect("written");
    case.apply();
    assert_eq!(case.ledger().len(), 2);
    case.run(&["status"]).ok();
}

#[test]
fn a_way_back_may_say_that_there_is_nothing_to_undo() {
    let case = Case::new();
    case.by_hand("one", "CREATE TABLE one (id int);", Some("-- later"));
    case.apply();
    case.run(&["down"]).fails(1, &["_one/down.sql has no statement", "-- orm:empty"]);
    std::fs::write(case.find("one").down_path(), "-- orm:empty").expect("written");
    case.run(&["down"]).ok();
    assert!(case.ledger().is_empty());
}

#[test]
fn what_was_recorded_empty_by_an_older_version_stays_applied() {
    let case = Case::new();
    case.by_hand("one", "SELECT;", None);
    case.apply();
    let one = case.find("one");
    std::fs::write(one.up_path(), "-- nothing").expect("written");
    let checksum = case.find("one").checksum();
    case.sql(&format!(
        "UPDATE orm_migrate.ledger SET checksum = '{checksum}', statements = 0, statements_done = 0"
    ));
    assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
}
