//! `squash`: one migration for many, on databases that have had none, some or all of them.

use crate::support::{Case, Tables};
use serde_json::json;

const ONE: Tables = &[("user", &["id bigint"])];
const TWO: Tables = &[("user", &["id bigint", "email text"])];
const THREE: Tables = &[("user", &["id bigint", "email text"]), ("team", &["id bigint"])];
const FOUR: Tables =
    &[("user", &["id bigint", "email text"]), ("team", &["id bigint", "name text"])];

fn three() -> Case {
    let case = Case::new();
    for (name, tables) in [("one", ONE), ("two", TWO), ("three", THREE)] {
        case.diff(name, tables);
        case.apply();
    }
    case
}

/// K51 of the peers' failures: whether it runs depends on what the database has had, never on the time in its name.
#[test]
fn a_database_that_had_all_counts_it_and_an_empty_one_runs_it() {
    let case = three();
    let three = case.branch();
    let said = case.run(&["squash", "--json"]).ok().json();
    assert_eq!(said["replaces"].as_array().expect("a list").len(), 3);
    assert_eq!(said["removed"], json!([]));
    let made = case.find("squashed");
    assert_eq!(made.up.matches("CREATE TABLE").count(), 2, "{}", made.up);
    assert!(!made.up.contains("ALTER TABLE"), "{}", made.up);
    // With the old folders beside it, and without them.
    for arguments in [&["status"][..], &["squash", "--remove"], &["status"]] {
        case.run(arguments).ok();
        assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
    }
    assert_eq!(case.read().len(), 1);
    case.run(&["down"]).fails(1, &["_three was squashed into", &made.name, "version control"]);
    let empty = case.branch();
    empty.apply();
    assert_eq!((empty.columns("user"), empty.ledger()), ("email id".to_owned(), vec![made.name]));
    // A checkout that still has the old ones: they are not run again.
    empty.merge(&three);
    assert_eq!(empty.run(&["apply"]).ok().out, "nothing to apply\n");
    // Both go on in the same way.
    for place in [&case, &empty] {
        place.run(&["drift"]).ok();
        place.run(&["verify", "--to", &place.declare(THREE)]).ok();
        place.diff("four", FOUR);
        place.apply();
        assert_eq!(place.columns("team"), "id name");
    }
}

#[test]
fn a_database_that_had_some_needs_the_rest_first() {
    let case = three();
    let behind = Case::new();
    behind.merge(&case);
    behind.run(&["apply", "--to", "two"]).ok();
    case.run(&["squash", "all of it"]).ok();
    behind.merge(&case);
    // The old folders are there: the rest of them runs, and then the squashed one counts.
    behind.run(&["drift"]).ok();
    behind.apply();
    assert_eq!((behind.columns("team"), behind.ledger().len()), ("id".to_owned(), 3));
    behind.run(&["status"]).ok();

    let lost = Case::new();
    lost.merge(&three());
    let names: Vec<String> = lost.read().iter().map(|it| it.name.clone()).collect();
    lost.run(&["apply", "--to", "two"]).ok();
    lost.run(&["squash", "--remove"]).ok();
    lost.run(&["apply"]).fails(5, &["stands for several migrations", &names[2], "version control"]);
    let said = lost.run(&["status", "--json"]).fails(5, &[]).json();
    assert_eq!(said["conflicts"][0]["missing"], json!([names[2]]));
    assert_eq!(lost.columns("team"), "");
}

#[test]
fn one_that_was_squashed_is_squashed_again() {
    let case = three();
    let had_three = case.branch();
    had_three.apply();
    case.run(&["squash", "--to", "two", "--remove", "first"]).ok();
    assert_eq!(case.read().len(), 2);
    let four = case.diff("four", FOUR);
    case.apply();
    case.run(&["squash", "second", "--remove"]).ok();
    assert_eq!(case.read().len(), 1);
    assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
    let empty = case.branch();
    empty.apply();
    assert_eq!((empty.columns("team"), empty.ledger().len()), ("id name".to_owned(), 1));
    // It has not had the first squashed one, but what that stood for; and not the fourth.
    let fourth = had_three.diff("four", FOUR).name;
    let folder = had_three.migrations();
    std::fs::rename(&folder, folder.with_extension("old")).expect("renamed");
    had_three.merge(&case);
    had_three.run(&["apply"]).fails(5, &["stands for several migrations", "_four"]);
    std::fs::remove_dir_all(&folder).expect("removed");
    std::fs::rename(folder.with_extension("old"), &folder).expect("renamed");
    had_three.apply();
    // The fourth of another checkout is another migration: only what has the same name counts.
    had_three.sql(&format!(
        "UPDATE orm_migrate.ledger SET name = '{0}', checksum = '{1}' WHERE name = '{fourth}'",
        four.name,
        four.checksum()
    ));
    std::fs::remove_dir_all(&folder).expect("removed");
    had_three.merge(&case);
    assert_eq!(had_three.run(&["apply"]).ok().out, "nothing to apply\n");
    assert!(case.run(&["squash"]).ok().out.contains("nothing to squash"));
}

#[test]
fn what_a_schema_does_not_say_is_kept_or_refused() {
    let case = three();
    case.by_hand("fill", "INSERT INTO team VALUES (1);\n\nGRANT SELECT ON team TO PUBLIC;", None);
    case.apply();
    let said = case.run(&["squash"]).fails(1, &["would be lost", "--concatenate"]);
    for part in [
        "fill/up.sql, line 1: INSERT",
        "fill/up.sql, line 3: GRANT",
        "rows of table \"public\".\"team\"",
    ] {
        assert!(said.error.contains(part), "{part}: {}", said.error);
    }
    assert_eq!(case.read().len(), 4);
    case.run(&["squash", "--concatenate", "--remove"]).ok();
    let empty = case.branch();
    empty.apply();
    assert_eq!(empty.rows("SELECT id::text FROM team"), ["1"]);
    assert_eq!(
        empty.rows("SELECT has_table_privilege('public', 'team', 'SELECT')::text"),
        ["true"]
    );
    assert_eq!(case.run(&["apply"]).ok().out, "nothing to apply\n");
}

#[test]
fn statements_outside_of_transactions_stay_there() {
    let case = three();
    case.by_hand(
        "online",
        "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON team (id);",
        None,
    );
    case.by_hand("more", "CREATE INDEX j ON team (id)", None);
    case.apply();
    case.run(&["squash", "--concatenate", "--remove"]).ok();
    let empty = case.branch();
    empty.apply();
    assert_eq!(
        empty.rows("SELECT count(*)::text FROM pg_index WHERE indrelid = 'team'::regclass"),
        ["2"]
    );
    let plain = three();
    plain.by_hand(
        "online",
        "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON team (id);",
        None,
    );
    plain.apply();
    plain.run(&["squash"]).ok();
    assert!(!plain.find("squashed").up.contains("CONCURRENTLY"));
}
