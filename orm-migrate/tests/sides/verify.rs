//! `verify`: all migrations on an empty database, compared with the code, there and back.

use orm_migrate_test_support::{Database, TempFolder, ToolOutput, auth_manifest, run};

struct Case {
    place: TempFolder,
    server: Database,
    folder: String,
}

impl Case {
    fn new(migrations: &[(&str, Option<&str>)]) -> Self {
        let place = TempFolder::new();
        let folder = place.migrations("m", migrations);
        Self { place, server: Database::with(""), folder }
    }

    fn verify(&self, more: &[&str]) -> ToolOutput {
        let flags = ["verify", "--migrations", &self.folder, "--scratch-url", self.server.url()];
        run(&[&flags[..], more].concat())
    }

    /// A file that says what the migrations should make.
    fn expected(&self, sql: &str) -> String {
        let made = Database::with(sql);
        self.place.file("schema.json", &run(&["sql", "--json", made.url()]).exits(0).out)
    }

    fn nothing_stays(&self) {
        let sql = format!(
            "SELECT datname::text FROM pg_database WHERE datname ~ '^orm_scratch_{}_'",
            std::process::id()
        );
        assert!(self.server.texts(&sql).is_empty());
    }
}

const UP: &str = "CREATE TABLE a (id int PRIMARY KEY, b text DEFAULT 'x');";
const INDEX: &str = "-- orm:segment autocommit\nCREATE INDEX CONCURRENTLY i ON a (b);";

#[test]
fn migrations_that_make_what_the_code_has_are_verified() {
    let case = Case::new(&[(UP, Some("DROP TABLE a;")), (INDEX, Some("DROP INDEX i;"))]);
    let same = case.expected(
        "CREATE TABLE a (id int PRIMARY KEY, b text DEFAULT 'x'); CREATE INDEX i ON a (b)",
    );
    case.verify(&["--to", &same])
        .exits(0)
        .says(&["2 migrations run on an empty database", "what they make is"]);
    let said = case.verify(&["--to", &same, "--down", "--json"]).exits(0).json();
    assert_eq!(said["changes"], serde_json::json!([]));
    assert_eq!(
        (&said["down"], &said["without_down"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    let other = case.expected("CREATE TABLE a (id bigint PRIMARY KEY, b text DEFAULT 'x')");
    case.verify(&["--to", &other]).exits(2).says(&["change column \"id\" of \"a\""]);
    let said = case.verify(&["--to", &other, "--json"]).exits(2).json();
    assert!(said["changes"][0].to_string().contains("bigint"), "{said}");
    case.verify(&["--to", &other, "--exclude-table", "a"]).exits(0);
    case.nothing_stays();
}

#[test]
fn the_crate_is_what_migrations_are_compared_with() {
    let case = Case::new(&[]);
    let auth = auth_manifest();
    case.verify(&["--manifest-path", &auth]).exits(2).says(&["create table \"user\"", "the crate"]);
    let flags =
        ["diff", "--from", "migrations", "--migrations", &case.folder, "--manifest-path", &auth];
    run(&[&flags[..], &["--scratch-url", case.server.url(), "first"]].concat()).exits(0);
    let said = case.verify(&["--manifest-path", &auth, "--down"]).exits(0);
    said.says(&["1 migration runs on an empty database", "each down.sql brings back"]);
}

#[test]
fn a_migration_that_fails_is_named_with_its_statement_and_line() {
    let case = Case::new(&[(UP, None), ("SELECT 1;\n\nALTER TABLE a\n  ADD c nothing;", None)]);
    let none = case.expected("");
    let said = case.verify(&["--to", &none]).exits(8);
    said.says(&["_m1/up.sql", "statement 2 of 2, line 4", "type \"nothing\" does not exist"]);
    let said = case.verify(&["--to", &none, "--down", "--json"]).exits(8).json();
    assert_eq!(said["error"]["exit_code"], 8);
    case.nothing_stays();
    let wrong = Case::new(&[("SELECT 'a", None)]);
    wrong.verify(&["--to", &none]).exits(8).says(&["line 1", "a quote ' that does not end"]);
}

#[test]
fn a_way_back_that_leads_elsewhere_is_shown() {
    let case = Case::new(&[
        (UP, Some("ALTER TABLE a DROP b;")),
        ("ALTER TABLE a ADD c int;", Some("ALTER TABLE a DROP c;")),
        ("CREATE TABLE IF NOT EXISTS d ();", None),
    ]);
    let same = case.expected(
        "CREATE TABLE a (id int PRIMARY KEY, b text DEFAULT 'x', c int); CREATE TABLE d ()",
    );
    // Up again after this way back fails: the table is still there.
    let said = case.verify(&["--to", &same, "--down"]).exits(8);
    said.says(&["_m0", "does not bring back", "drop table \"a\""]);
    let fine = Case::new(&[
        ("CREATE TABLE IF NOT EXISTS d (); CREATE TABLE a ();", Some("DROP TABLE a;")),
        ("CREATE TABLE e ();", Some("DROP TABLE nothing;")),
    ]);
    let same = fine.expected("CREATE TABLE d (); CREATE TABLE a (); CREATE TABLE e ()");
    let said = fine.verify(&["--to", &same, "--down", "--json"]).exits(8).json();
    let down = said["down"].as_array().expect("a list");
    assert_eq!(down.len(), 2, "{said}");
    assert!(down[0]["found"].to_string().contains("drop table \\\"d\\\""), "{said}");
    assert!(down[1]["found"].to_string().contains("down.sql: statement 1 of 1, line 1"), "{said}");
    // Not asked for, not looked at.
    fine.verify(&["--to", &same]).exits(0);
    fine.nothing_stays();
}

#[test]
fn a_server_is_needed() {
    let case = Case::new(&[]);
    let none = case.expected("");
    run(&["verify", "--migrations", &case.folder, "--to", &none]).exits(1).says(&["--scratch-url"]);
}
