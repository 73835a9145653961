//! Whether the code, the folder and the database agree.

use crate::support::Case;
use serde_json::json;

#[test]
fn what_was_applied_from_the_code_agrees() {
    let case = Case::applied("");
    let said = case.run("check", &[]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.error);
    for line in [
        "the database is what the code says",
        "the database has had all migrations (1 migration)",
        "the migrations lead to what the code says",
        "no lint rule finds anything",
    ] {
        let line = format!("ok    {line}");
        assert!(said.out.lines().any(|it| it == line), "{}", said.out);
    }
    let said = case.run("check", &["--json"]);
    let document = said.json();
    assert_eq!((said.code, &document["agrees"]), (Some(0), &json!(true)), "{document}");
    // The quick way, without a replay.
    assert_eq!(document["folder"]["compared_by"], "hash", "{document}");
}

#[test]
fn a_column_that_only_the_code_has_is_a_difference_of_database_and_folder() {
    let case = Case::applied("");
    let said = case.run("check", &["-F", "age", "--json"]);
    let document = said.json();
    assert_eq!((said.code, &document["agrees"]), (Some(2), &json!(false)), "{document}");
    for side in ["database", "folder"] {
        assert_eq!(document[side]["agrees"], false, "{document}");
        assert!(document[side]["changes"].to_string().contains("age"), "{document}");
    }
    assert_eq!(document["folder"]["compared_by"], "replay", "{document}");
    assert_eq!(document["history"]["agrees"], true, "{document}");
    let said = case.run("check", &["-F", "age"]);
    assert!(said.out.contains("DIFF  the migrations do not lead to"), "{}", said.out);
}

#[test]
fn what_was_changed_by_hand_in_the_database_is_found_in_both_directions() {
    let case = Case::applied("");
    case.sql("ALTER TABLE person ADD age integer");
    // The database is as the code says, and yet no migration made it so.
    let said = case.run("check", &["-F", "age", "--json"]);
    let document = said.json();
    let agree = ["database", "history", "folder"].map(|side| document[side]["agrees"].clone());
    assert_eq!((said.code, agree), (Some(2), [json!(true), json!(true), json!(false)]));
    let said = case.run("check", &["--json"]);
    let document = said.json();
    let agree = ["database", "history", "folder"].map(|side| document[side]["agrees"].clone());
    assert_eq!((said.code, agree), (Some(2), [json!(false), json!(true), json!(true)]));
}

#[test]
fn what_is_pending_is_told_with_its_hazards() {
    let case = Case::applied("age");
    let said = case.run("diff", &["--allow-destructive"]);
    assert_eq!(said.code, Some(0), "{}", said.error);
    let said = case.run("check", &["--json"]);
    let document = said.json();
    assert_eq!(said.code, Some(2), "{document}");
    let pending = &document["history"]["pending"][0];
    assert!(pending["name"].to_string().contains("person"), "{document}");
    assert!(pending["hazards"][0].to_string().contains("\\\"age\\\""), "{document}");
    assert_eq!(document["folder"]["agrees"], true, "{document}");
    let said = case.run("check", &[]);
    assert!(said.out.contains("hazard: the values of column \"age\""), "{}", said.out);
}

#[test]
fn an_edited_migration_is_a_conflict() {
    let case = Case::applied("");
    let migration = case.folder().read().expect("migrations").remove(0);
    let edited = format!("{}SELECT 1;\n", migration.up);
    std::fs::write(migration.up_path(), edited).expect("written");
    let said = case.run("check", &["--json"]);
    let document = said.json();
    assert_eq!(said.code, Some(5), "{document}");
    assert_eq!(document["history"]["conflicts"][0]["kind"], "edited", "{document}");
    assert!(case.run("check", &[]).out.contains("CONFL"));
}

#[test]
fn a_migration_by_hand_is_judged_by_what_it_does() {
    let case = Case::new();
    case.write("CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL)");
    assert_eq!(case.run("apply", &[]).code, Some(0));
    let said = case.run("check", &["--json"]);
    let document = said.json();
    assert_eq!((said.code, &document["folder"]["compared_by"]), (Some(0), &json!("replay")));
    // Without a server it cannot be judged, which is no difference.
    let said = case.run_at(None, "check", &["--no-database", "--json"]);
    let document = said.json();
    assert_eq!((said.code, &document["folder"]["agrees"]), (Some(0), &json!(null)), "{document}");
}

#[test]
fn without_a_database_the_folder_is_checked_all_the_same() {
    let case = Case::applied("");
    let check = |more: &[&str]| {
        let said = case.run_at(None, "check", &[&["--no-database", "--json"], more].concat());
        (said.code, said.json())
    };
    let (code, document) = check(&[]);
    assert_eq!((code, &document["database"]), (Some(0), &json!(null)), "{document}");
    assert_eq!(document["folder"]["compared_by"], "declared", "{document}");
    let (code, document) = check(&["-F", "faults", "--lint", "off"]);
    let changes = &document["folder"]["changes"];
    assert_eq!((code, changes), (Some(2), &json!(["create table \"note\""])), "{document}");
    // A server of its own sees columns too.
    let (code, document) = check(&["-F", "age", "--scratch-url", case.database.url()]);
    assert_eq!((code, &document["folder"]["compared_by"]), (Some(2), &json!("replay")));
    assert!(document["folder"]["changes"].to_string().contains("age"), "{document}");
    case.write("SELECT 'a");
    let (code, document) = check(&[]);
    assert_eq!((code, &document["folder"]["problems"][0]["line"]), (Some(2), &json!(1)));
    // With one, the database is needed.
    let said = case.run_at(None, "check", &[]);
    assert!(said.code == Some(1) && said.error.contains("POSTGRES_URL"), "{}", said.error);
}

#[test]
fn a_choice_of_tables_is_all_that_is_checked() {
    let case = Case::applied("");
    let said = case.run("check", &["-F", "faults", "--exclude-table", "note", "--json"]);
    assert_eq!(said.code, Some(0), "{}", said.json());
    assert_eq!(case.run("check", &["-F", "faults"]).code, Some(2));
}

#[test]
fn a_database_with_other_settings_agrees_with_what_was_applied() {
    let case = Case::new();
    let name = case.database.name();
    for (setting, value) in [
        ("datestyle", "'SQL, DMY'"),
        ("timezone", "'Europe/Berlin'"),
        ("intervalstyle", "'iso_8601'"),
    ] {
        case.sql(&format!("ALTER DATABASE \"{name}\" SET {setting} = {value}"));
    }
    for (verb, more) in
        [("diff", &["first", "-F", "dated"][..]), ("apply", &[]), ("check", &["-F", "dated"])]
    {
        let said = case.run(verb, more);
        assert_eq!(said.code, Some(0), "{verb}: {}{}", said.out, said.error);
    }
    let said = case.run("diff", &["-F", "dated"]);
    assert!(said.out.starts_with("no differences"), "{}", said.out);
}

#[test]
fn check_changes_nothing() {
    let case = Case::new();
    let said = case.run("check", &["-F", "faults", "--json"]);
    assert_eq!(said.code, Some(2), "{}", said.json());
    let ledger = "DO $$ BEGIN ASSERT to_regnamespace('orm_migrate') IS NULL AND to_regclass('person') IS NULL; END $$";
    case.sql(ledger);
    assert!(case.folder().read().expect("migrations").is_empty());
}

#[test]
fn without_a_database_nothing_is_said_to_agree_that_was_not_compared() {
    let case = Case::applied("");
    let check = |more: &[&str]| case.run_at(None, "check", &[&["--no-database"], more].concat());
    let said = check(&[]);
    assert_eq!(said.code, Some(0), "{}", said.error);
    assert!(said.out.contains("ok    the migrations lead to what the code says"), "{}", said.out);
    // A column that no migration makes.
    let said = check(&["-F", "age"]);
    assert_eq!(said.code, Some(2), "{}", said.out);
    assert!(said.out.contains("DIFF  the migrations do not lead to"), "{}", said.out);
    assert!(said.error.contains("other columns"), "{}", said.error);
    // Only a server tells whether these are the same.
    let said = check(&["-F", "indexed"]);
    assert!(
        said.out.contains("was not compared") && !said.out.contains("ok    the folder"),
        "{}",
        said.out
    );
    assert!(said.error.contains("--scratch-url"), "{}", said.error);
    // A migration that somebody has edited may lead anywhere.
    let migration = case.folder().read().expect("migrations").remove(0);
    let edited = format!("{}ALTER TABLE person DROP COLUMN name;\n", migration.up);
    std::fs::write(migration.up_path(), edited).expect("written");
    let said = check(&[]);
    assert!(
        said.out.contains("was not compared") && !said.out.contains("ok    the migrations"),
        "{}",
        said.out
    );
    assert!(said.error.contains("up.sql was edited"), "{}", said.error);
}
