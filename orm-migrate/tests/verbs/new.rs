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
    // Also as it stands it runs.
    case.apply();
    assert_eq!(case.ledger().len(), 1);
    let said = case.run(&["new", "../elsewhere"]).fails(1, &["cannot name a migration"]);
    assert_eq!(said.out, "");
}
