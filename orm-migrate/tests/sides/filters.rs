//! `--schema`, `--table` and `--exclude-table`: both sides are cut down before they are compared.

use orm_migrate::history::{Draft, Folder, PlanFile};
use orm_migrate_test_support::{Database, TempFolder, ToolOutput, run};

const FROM: &str = "CREATE SCHEMA eu; CREATE SCHEMA us; CREATE TABLE eu.a (id int PRIMARY KEY); \
    CREATE TABLE us.a (id int PRIMARY KEY); CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE a_old ()";
const TO: &str = "CREATE SCHEMA eu; CREATE SCHEMA us; CREATE TABLE eu.a (id bigint PRIMARY KEY); \
    CREATE TABLE us.a (id bigint PRIMARY KEY); CREATE TABLE a (id bigint PRIMARY KEY); \
    CREATE TABLE b (a int, FOREIGN KEY (a) REFERENCES b2 (id))";

fn diff(from: &str, to: &str, more: &[&str]) -> ToolOutput {
    run(&[&["diff", "--from", from, "--to", to, "--json", "--check"], more].concat())
}

/// The names of what changes.
fn changed(from: &Database, to: &Database, more: &[&str]) -> Vec<String> {
    let document = diff(from.url(), to.url(), more).json();
    let changes = document["changes"].as_array().unwrap_or_else(|| panic!("{document}"));
    let names = changes.iter().map(|change| {
        let line = change.as_str().expect("a line");
        let mut words = line.split([' ', ':']);
        let last = words.rfind(|word| word.contains('"') && *word != "\"id\"");
        last.unwrap_or(line).replace('"', "")
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_choice_of_schemas_and_tables_is_all_that_is_compared() {
    let from = Database::with(FROM);
    let to = Database::with(
        &TO.replace("CREATE TABLE b (", "CREATE TABLE b2 (id int PRIMARY KEY); CREATE TABLE b ("),
    );
    for (flags, names) in [
        (&[][..], &["a", "a_old", "b", "b2", "eu.a", "us.a"][..]),
        (&["--schema", "eu"], &["eu.a"]),
        (&["--schema", "eu", "--schema", "public"], &["a", "a_old", "b", "b2", "eu.a"]),
        (&["--schema", "*u*"], &["a", "a_old", "b", "b2", "eu.a", "us.a"]),
        (&["--schema", "?u"], &[]),
        (&["--table", "a"], &["a"]),
        (&["--table", "*.a"], &["a", "eu.a", "us.a"]),
        (&["--table", "a*"], &["a", "a_old"]),
        (&["--table", "eu.a", "--table", "b2"], &["b2", "eu.a"]),
        (&["--exclude-table", "*.a", "--exclude-table", "b"], &["a_old", "b2"]),
        (&["--schema", "public", "--table", "*.a"], &["a"]),
    ] {
        assert_eq!(changed(&from, &to, flags), names, "{flags:?}");
    }
}

#[test]
fn a_foreign_key_to_what_is_not_compared_stays_only_if_its_target_is_there() {
    let to = "CREATE TABLE b2 (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES b2 (id))";
    let to = Database::with(to);
    let without = Database::with("");
    let said = diff(without.url(), to.url(), &["--table", "b"]);
    assert_eq!(said.json()["changes"].as_array().map(Vec::len), Some(1), "{}", said.out);
    assert!(
        said.error.contains("the table \"b2\" is not compared and does not exist"),
        "{}",
        said.error
    );
    let with = Database::with("CREATE TABLE b2 (id int PRIMARY KEY, other text)");
    let said = diff(with.url(), to.url(), &["--table", "b"]);
    assert_eq!(said.json()["changes"].as_array().map(Vec::len), Some(2), "{}", said.out);
    // What is printed runs, and is proved on a copy that has the other table, too.
    for database in [&without, &with] {
        let flags = ["diff", "--from", database.url(), "--to", to.url(), "--table", "b", "--sql"];
        let sql = run(&flags).exits(0);
        assert!(!sql.error.contains("not tried"), "{}", sql.error);
        database.sql(&sql.out);
        diff(database.url(), to.url(), &["--table", "b"]).exits(0);
    }
}

#[test]
fn what_is_not_compared_is_neither_dropped_nor_named_nor_forgotten() {
    let place = TempFolder::new();
    let database = Database::with(
        "CREATE TABLE ours (); CREATE TABLE other (id int); CREATE TABLE theirs (); CREATE VIEW seen AS SELECT 1 AS x",
    );
    // Two tables that a migration has made.
    let folder = place.migrations("m", &[]);
    let tables = ["other", "ours"].map(|name| ["public".to_owned(), name.to_owned()]).to_vec();
    let plan = PlanFile { tables, ..PlanFile::default() };
    let draft = Draft { name: "first".into(), up: "SELECT 1".into(), down: None, plan };
    Folder::at(&folder).write(&draft).expect("a migration");
    let file = place.file("schema.json", "{\"format\": 1, \"tables\": []}");
    let migrations = ["--migrations", &folder];
    let said = diff(database.url(), &file, &migrations).json();
    assert_eq!(said["changes"].as_array().map(Vec::len), Some(2), "{said}");
    assert_eq!(said["unmanaged"].as_array().map(Vec::len), Some(2), "{said}");
    let flags = [&migrations[..], &["--table", "ours"]].concat();
    let said = diff(database.url(), &file, &flags).json();
    assert_eq!(said["changes"], serde_json::json!(["drop table \"ours\""]), "{said}");
    assert_eq!(said["unmanaged"], serde_json::json!([]), "{said}");
    let said = diff(
        database.url(),
        &file,
        &[&migrations[..], &["--table", "o*", "--exclude-table", "ours", "--table", "th*"]]
            .concat(),
    )
    .json();
    assert_eq!(said["changes"], serde_json::json!(["drop table \"other\""]), "{said}");
    assert_eq!(said["unmanaged"].as_array().map(Vec::len), Some(1), "{said}");
    // The migration that drops one of them still knows of the other.
    let flags = [
        "diff",
        "--from",
        database.url(),
        "--to",
        &file,
        "--table",
        "ours",
        "--allow-destructive",
        "drop ours",
    ];
    let said = run(&[&flags[..], &migrations].concat()).exits(5);
    assert!(said.error.contains("not applied to this database yet"), "{}", said.error);
    let applied = ["repair", "--applied", "first", "--database-url", database.url()];
    run(&[&applied[..], &migrations].concat()).exits(0);
    run(&[&flags[..], &migrations].concat()).exits(0);
    let last = Folder::at(&folder).read().expect("migrations").pop().expect("one");
    assert_eq!(last.plan.expect("a plan").tables, [["public", "other"]]);
}

#[test]
fn what_is_needed_and_not_compared_is_named() {
    let from = Database::with("CREATE SCHEMA s; CREATE TABLE s.t (a int)");
    let to = Database::with(
        "CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE other (); \
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
         CREATE TABLE s.t (a int, e mood); CREATE TRIGGER w BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION f(); \
         CREATE VIEW s.v AS SELECT FROM other",
    );
    let said = diff(from.url(), to.url(), &["--schema", "s"]);
    let hint = "which is not compared and does not exist: run it without --table and with --schema public too, or make it before";
    for what in [
        "table \"s\".\"t\" needs enum \"mood\"",
        "table \"s\".\"t\" needs function \"f()\"",
        "view \"s\".\"v\" needs table \"other\"",
    ] {
        assert!(said.error.contains(&format!("{what}, {hint}")), "{}", said.error);
    }
    let there =
        Database::with("CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('a'); CREATE TABLE s.t (a int)");
    let said = diff(there.url(), to.url(), &["--table", "s.t"]);
    assert!(!said.error.contains("mood"), "{}", said.error);
}
