//! `diff` between any two sides.

use orm_migrate::history::{Draft, Folder};
use orm_migrate_test_support::{Database, TempFolder, ToolOutput, auth_manifest, run, texts, tool};
use std::process::Stdio;
use std::time::{Duration, Instant};

const SHOP: &str = "CREATE TABLE article (id int PRIMARY KEY, name text NOT NULL DEFAULT 'none', \
    CHECK (name IN ('none', 'some'))); CREATE INDEX article_name ON article (lower(name))";

fn diff(from: &str, to: &str, more: &[&str]) -> ToolOutput {
    run(&[&["diff", "--from", from, "--to", to], more].concat())
}

/// The changes of a comparison by `--json`.
#[track_caller]
fn changes(from: &str, to: &str, more: &[&str]) -> Vec<String> {
    let said = diff(from, to, &[&["--json", "--check"], more].concat());
    let document = said.json();
    let changes = document["changes"].as_array().unwrap_or_else(|| panic!("{document}"));
    assert_eq!(said.code, Some(if changes.is_empty() { 0 } else { 2 }));
    changes.iter().map(|change| change.as_str().expect("a line").to_owned()).collect()
}

#[test]
fn two_databases_are_compared_and_one_is_brought_to_the_other() {
    let from = Database::with("CREATE TABLE article (id int PRIMARY KEY); CREATE TABLE old ()");
    let to = Database::with(SHOP);
    let said = diff(from.url(), to.url(), &[]).exits(0);
    let said = said.says(&[
        "add column \"name\"",
        "drop table \"old\"",
        "all rows",
        "nothing was written",
    ]);
    assert!(!said.out.contains("wrote"), "{}", said.out);
    assert_eq!(changes(from.url(), to.url(), &[]).len(), 4);
    diff(from.url(), to.url(), &["--sql"]).exits(3).says(&["--allow-destructive", "\"old\""]);
    let sql = diff(from.url(), to.url(), &["--sql", "--allow-destructive"]).exits(0).out;
    from.sql(&sql);
    assert!(changes(from.url(), to.url(), &[]).is_empty());
    assert!(changes(to.url(), from.url(), &[]).is_empty());
    assert_eq!(diff(from.url(), to.url(), &["--sql"]).exits(0).out, "-- no differences\n");
}

#[test]
fn what_only_the_wanted_database_has_and_nobody_makes_is_said() {
    let from = Database::with("CREATE TABLE a (id int, b int)");
    let to = Database::with("CREATE TABLE a (id int, b int); CREATE STATISTICS s ON id, b FROM a");
    let said = diff(from.url(), to.url(), &["--check"]).exits(0);
    said.says(&["no differences", "not made", "statistics public.s"]);
    let said = diff(from.url(), to.url(), &["--json"]).exits(0).json();
    assert_eq!(said["unmanaged_wanted"][0]["name"], "public.s", "{said}");
    // What both have is no difference.
    from.sql("CREATE STATISTICS s ON id, b FROM a");
    let said = diff(from.url(), to.url(), &["--json"]).exits(0).json();
    assert_eq!(said["unmanaged_wanted"], serde_json::json!([]), "{said}");
}

#[test]
fn the_search_path_of_a_database_is_no_difference() {
    let sql = "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok'); CREATE TABLE app.t (m app.mood DEFAULT 'ok', \
        CHECK (m <> 'ok' OR m IS NULL)); CREATE VIEW app.v AS SELECT m FROM app.t WHERE m = 'ok'";
    let [one, other] = [Database::with(sql), Database::with(sql)];
    other.sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database()); END $$");
    for (from, to) in [(&one, &other), (&other, &one)] {
        let said = diff(from.url(), to.url(), &["--check"]);
        assert_eq!(said.out, "no differences\n", "{}", said.error);
    }
}

#[test]
fn a_function_stands_between_a_view_and_a_table() {
    let sql = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; \
        CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'; \
        CREATE FUNCTION g(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'; \
        CREATE TABLE u (a int, CHECK (g(a) > 0))";
    let (one, other) = (Database::with(sql), Database::with(sql));
    assert!(changes(one.url(), other.url(), &[]).is_empty());
    assert_eq!(changes(Database::with("").url(), one.url(), &[]).len(), 5);
}

#[test]
fn databases_of_two_servers_are_compared() {
    use orm_migrate::devdb::{Data, Server};
    let server = Server::start(Data::Throwaway).expect("a server");
    let other = server.url("postgres");
    let one = Database::with(SHOP);
    let sql = diff(&other, one.url(), &["--sql"]).exits(0).out;
    orm_migrate_test_support::on(&other, &sql);
    assert!(changes(&other, one.url(), &[]).is_empty());
    one.sql("ALTER TABLE article ADD note text");
    assert_eq!(changes(&other, one.url(), &[]), ["add column \"note\" text to \"article\""]);
    assert_eq!(changes(one.url(), &other, &[]), ["drop column \"note\" of \"article\""]);
}

#[test]
fn what_only_one_database_knows_is_no_obstacle() {
    // Neither type nor function is in the other database, where both are put into the same words.
    let from = Database::with("CREATE TABLE a (id int)");
    let to = Database::with(
        "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE a (id int); CREATE TABLE b (m mood DEFAULT 'ok')",
    );
    let found = changes(from.url(), to.url(), &[]);
    assert!(found.iter().any(|line| line.contains("create table \"b\"")), "{found:?}");
    assert!(!found.iter().any(|line| line.contains("\"a\"")), "{found:?}");
}

#[test]
fn migrations_are_replayed_on_a_database_that_goes() {
    let (place, target) = (TempFolder::new(), Database::with(SHOP));
    let halves: Vec<(&str, Option<&str>)> = SHOP.split("; ").map(|up| (up, None)).collect();
    let folder = place.migrations("m", &halves);
    assert!(changes(target.url(), &folder, &[]).is_empty());
    assert!(changes(&folder, target.url(), &[]).is_empty());
    let scratch = ["--scratch-url", target.url()];
    let keyword = ["--migrations", &folder, "--scratch-url", target.url()];
    assert!(changes("migrations", &folder, &keyword).is_empty());
    // From nothing to all of it.
    let empty = place.migrations("empty", &[]);
    assert_eq!(changes(&empty, &folder, &scratch).len(), 1);
    let ours = format!("orm_scratch_{}_", std::process::id());
    let sql = format!("SELECT datname::text FROM pg_database WHERE datname ~ '^{ours}'");
    assert!(target.texts(&sql).is_empty());
}

#[test]
fn a_migration_that_fails_on_an_empty_database_is_named() {
    let (place, target) = (TempFolder::new(), Database::with(""));
    let folder = place
        .migrations("m", &[("CREATE TABLE a ();", None), ("SELECT 1;\nSELECT\n nothing", None)]);
    let said = diff(target.url(), &folder, &["--json"]).exits(8);
    let message = said.json()["error"]["message"].to_string();
    for part in ["_m1/up.sql", "statement 2 of 2, line 3", "nothing"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_file_stands_for_what_was_declared() {
    let (place, database) = (TempFolder::new(), Database::with(SHOP));
    // Written by hand, in an author's words.
    let text = serde_json::json!({ "format": 1, "tables": [{
        "schema": "public", "name": "article",
        "columns": [
            { "name": "id", "data_type": "int4", "nullable": false },
            { "name": "name", "data_type": "text", "nullable": false, "default": "'none'" },
        ],
        "primary_key": { "name": "article_pkey", "columns": ["id"] },
        "checks": [{ "name": "article_name_check", "expression": "name in ('none', 'some')" }],
        "indexes": [{
            "name": "article_name", "unique": false, "method": "btree",
            "parts": [{ "key": { "Expression": "lower(name)" }, "order": "Ascending", "nulls": "Last" }],
        }],
    }]});
    let file = place.file("schema.json", &text.to_string());
    assert!(changes(database.url(), &file, &[]).is_empty());
    database.sql("ALTER TABLE article DROP COLUMN name");
    assert_eq!(changes(database.url(), &file, &[]).len(), 3);
    assert_eq!(changes(&file, database.url(), &[]).len(), 3);
    // Neither side has a server: another one reads both.
    let empty = place.file("empty.json", "{\"format\": 1, \"tables\": []}");
    diff(&empty, &file, &[]).exits(1).says(&["--scratch-url"]);
    assert_eq!(changes(&empty, &file, &["--scratch-url", database.url()]).len(), 1);
    let wrong = place.file("wrong.json", "{\"format\": 9}");
    diff(&wrong, &file, &[]).exits(1).says(&["format 9", "wrong.json"]);
}

#[test]
fn a_migration_is_written_from_what_the_migrations_make() {
    // No database of the application is needed: only one to replay on.
    let (place, server) = (TempFolder::new(), Database::with(""));
    let folder = place.migrations("m", &[]);
    let auth = auth_manifest();
    let more = ["--migrations", &folder, "--scratch-url", server.url(), "--manifest-path", &auth];
    diff("migrations", "crate", &more).exits(0).says(&["create table", "wrote"]);
    assert_eq!(diff("migrations", "crate", &more).exits(0).out, "no differences\n");
    let migrations = Folder::at(&folder).read().expect("migrations");
    assert_eq!(migrations.len(), 1);
    assert_eq!(migrations[0].plan.as_ref().expect("a plan").tables.len(), 9);
    // A table that a migration made and the crate does not declare: it goes if the migration was ours, and stays if
    // somebody wrote it by hand.
    let mut plan = migrations[0].plan.clone().expect("a plan");
    place.migrations("m", &[("CREATE TABLE old ();", None)]);
    diff("migrations", "crate", &[&more[..], &["--check"]].concat())
        .exits(0)
        .says(&["table \"old\""]);
    plan.tables.push(["public".to_owned(), "old".to_owned()]);
    let draft = Draft { name: "old".to_owned(), up: "SELECT 1".to_owned(), down: None, plan };
    Folder::at(&folder).write(&draft).expect("a migration");
    diff("migrations", "crate", &more).exits(3).says(&["all rows of table \"old\""]);
    assert!(
        texts(server.url(), "SELECT relname::text FROM pg_class WHERE relname = 'old'").is_empty()
    );
}

#[test]
fn the_default_sides_are_the_database_and_the_crate() {
    let (place, database) = (TempFolder::new(), Database::with(""));
    let (folder, auth) = (place.migrations("m", &[]), auth_manifest());
    let flags = ["diff", "--check", "--json", "--migrations", &folder, "--manifest-path", &auth];
    let by_default =
        ToolOutput::of(tool(&flags).env("POSTGRES_URL", database.url())).exits(2).json();
    let named = [&flags[..], &["--from", database.url(), "--to", "crate"]].concat();
    assert_eq!(run(&named).exits(2).json(), by_default);
}

#[test]
fn a_name_writes_a_migration_between_any_sides() {
    let (place, from, to) = (TempFolder::new(), Database::with(""), Database::with(SHOP));
    let folder = place.migrations("m", &[]);
    let more = ["--migrations", &folder, "like the other"];
    diff(from.url(), to.url(), &more).exits(0).says(&["wrote", "_like_the_other"]);
    from.sql(&Folder::at(&folder).read().expect("migrations")[0].up);
    assert!(changes(from.url(), to.url(), &[]).is_empty());
}

#[test]
fn wrong_sides_get_words_with_what_is_allowed_and_no_password() {
    for (side, part) in [
        ("mysql://ada:geheim@host/shop", "mysql://"),
        ("host=db password=geheim", "cannot be compared"),
        ("nowhere/at/all", "no folder nowhere/at/all"),
        ("nowhere.json", "no file nowhere.json"),
    ] {
        for sides in [["--from", side], ["--to", side]] {
            let said = run(&[&["diff"][..], &sides].concat()).exits(1);
            assert!(!said.error.contains("geheim"), "{}", said.error);
            said.says(&[part, "expected `crate`", "schema.json"]);
        }
    }
    let said = diff("postgres://ada:geheim@127.0.0.1:1/shop", "crate", &[]).exits(1);
    assert!(!said.error.contains("geheim"), "{}", said.error);
}

#[test]
fn what_is_stopped_leaves_no_scratch_database() {
    let (place, target) = (TempFolder::new(), Database::with(""));
    let folder = place.migrations("m", &[("CREATE TABLE a (); SELECT pg_sleep(60);", None)]);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut child = tool(&["diff", "--from", target.url(), "--to", &folder])
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        let ours = format!(
            "SELECT datname::text FROM pg_database WHERE datname ~ '^orm_scratch_{}_'",
            child.id()
        );
        let begun = Instant::now();
        let asleep = "SELECT 1::text FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND datname ~ '^orm_scratch' \
                      AND state = 'active'";
        while target.texts(&ours).is_empty() || target.texts(asleep).is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(30), "it does not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        let kill = std::process::Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status();
        assert!(kill.expect("kill").success());
        assert_eq!(child.wait().expect("it ends").code(), Some(code));
        assert!(begun.elapsed() < Duration::from_secs(30));
        assert!(target.texts(&ours).is_empty());
    }
}
