//! What the code says, as `schema.json` hands it on: there, back, and a second time.

use crate::support::{Database, Place, Said, run};
use orm_core::schema::{Column, Enum, PrimaryKey, Rename, Renamed, Schema, Table};
use orm_migrate::source::to_json;

fn table(name: &'static str, columns: &[(&'static str, &'static str)]) -> Table {
    let mut table = Table::new("public", name);
    for (name, data_type) in columns {
        table.columns.to_mut().push(Column::new(name, data_type));
    }
    table.primary_key =
        Some(PrimaryKey { columns: vec!["id".into()].into(), ..PrimaryKey::default() });
    table
}

fn file(place: &Place, tables: Vec<Table>, renames: Vec<Rename>) -> String {
    let schema = Schema::declared(tables).expect("names").with_renames(renames);
    place.file("schema.json", &to_json(&schema).to_string())
}

const BEFORE: &str = "CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL); INSERT INTO person VALUES (1, 'Ada')";

#[test]
fn a_migration_renames_and_says_who_said_so_and_goes_back() {
    let (place, database) = (Place::new(), Database::with(""));
    let folder = place.migrations("migrations", &[(BEFORE, Some("DROP TABLE person;"))]);
    let account = table("account", &[("id", "integer"), ("full_name", "text"), ("age", "bigint")]);
    let mut account = account;
    account.columns.to_mut().iter_mut().for_each(|it| it.nullable = it.name == "age");
    let renames = vec![
        Rename::table(["public", "account"], "person"),
        Rename::member(Renamed::Column, ["public", "account"], "full_name", "name"),
    ];
    let schema = file(&place, vec![account], renames);
    let flags = ["--database-url", database.url(), "--migrations", &folder];
    let diff = |more: &[&str]| run(&[&["diff", "--to", &schema][..], &flags, more].concat());
    let apply = || run(&[&["apply"][..], &flags].concat()).exits(0);
    apply();
    diff(&["people"]).exits(0).says(&[
        "rename table \"person\" to \"account\"",
        "rename column \"name\" of \"account\" to \"full_name\"",
        "rename primary key \"person_pkey\" of \"account\" to \"account_pkey\"",
        "add column \"age\" bigint to \"account\"",
        "hazard: programs that run meanwhile and still say table \"person\" fail from then on",
        "wrote ",
    ]);
    let written = std::fs::read_dir(&folder).expect("a folder").map(|it| it.expect("it").path());
    let written = written.max().expect("a migration");
    let plan = std::fs::read_to_string(written.join("plan.json"));
    let plan: serde_json::Value = serde_json::from_str(&plan.expect("a plan")).expect("JSON");
    assert_eq!(
        plan["names"],
        serde_json::json!([
            { "name": "account", "from": "person", "by": "code" },
            { "name": "account.full_name", "from": "account.name", "by": "code" },
        ])
    );
    apply();
    assert_eq!(database.texts("SELECT full_name FROM account"), ["Ada"]);
    // The code still says the old names.
    diff(&["again"]).exits(0).says(&["no differences"]);
    diff(&["--check"]).exits(0);
    let verify = ["verify", "--to", &schema, "--down", "--migrations", &folder];
    run(&[&verify[..], &["--database-url", database.url()]].concat())
        .exits(0)
        .says(&["each down.sql brings back what was there before"]);
}

#[test]
fn both_names_at_once_are_an_error_that_says_both() {
    let (place, database) = (Place::new(), Database::with(BEFORE));
    database.sql("CREATE TABLE account (id int PRIMARY KEY, name text NOT NULL)");
    let mut account = table("account", &[("id", "integer"), ("name", "text")]);
    account.columns.to_mut().iter_mut().for_each(|it| it.nullable = false);
    let schema = file(&place, vec![account], vec![Rename::table(["public", "account"], "person")]);
    diff(&database, &schema, &[]).exits(1).says(&[
        "table \"account\" is said to be renamed from \"person\", and the database has both",
    ]);
}

#[test]
fn two_that_come_from_one_are_an_error_and_so_is_a_circle() {
    let (place, database) = (Place::new(), Database::with(BEFORE));
    let tables = || vec![table("a", &[("id", "integer")]), table("b", &[("id", "integer")])];
    let renames =
        vec![Rename::table(["public", "a"], "person"), Rename::table(["public", "b"], "person")];
    let schema = file(&place, tables(), renames);
    diff(&database, &schema, &[]).exits(1).says(&["are both declared as renamed from \"person\""]);
    database.sql("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)");
    let renames = vec![Rename::table(["public", "a"], "b"), Rename::table(["public", "b"], "a")];
    let schema = file(&place, tables(), renames);
    diff(&database, &schema, &[]).exits(1).says(&["are declared as renamed from each other"]);
}

#[test]
fn only_what_is_asked_for_gets_another_name() {
    let (place, database) = (Place::new(), Database::with(BEFORE));
    let renames = vec![Rename::table(["public", "account"], "person")];
    let account = table("account", &[("id", "integer"), ("name", "text")]);
    let schema = file(&place, vec![account, table("new", &[("id", "integer")])], renames);
    let said = diff(&database, &schema, &["--table", "new"]).exits(0);
    assert!(!said.out.contains("rename"), "{}", said.out);
}

#[test]
fn a_body_that_still_says_the_old_name_is_named() {
    let (place, database) = (Place::new(), Database::with(BEFORE));
    database.sql(
        "CREATE FUNCTION first() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT name FROM person); END $$;
         CREATE FUNCTION follows() RETURNS text LANGUAGE sql RETURN (SELECT name FROM person LIMIT 1);
         CREATE FUNCTION other() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'persons'; END $$",
    );
    let mut account = table("account", &[("id", "integer"), ("full_name", "text")]);
    account.columns.to_mut().iter_mut().for_each(|it| it.nullable = false);
    let renames = vec![
        Rename::table(["public", "account"], "person"),
        Rename::member(Renamed::Column, ["public", "account"], "full_name", "name"),
    ];
    let schema = file(&place, vec![account], renames);
    let said = diff(&database, &schema, &["--sql"]).exits(0);
    assert_eq!(said.out.matches("in its body").count(), 2, "{}", said.out);
    said.says(&[
        "function \"first()\" seems to say table \"person\" in its body",
        "function \"first()\" seems to say column \"name\" in its body",
    ]);
}

#[test]
fn a_type_keeps_its_values() {
    let (place, database) = (
        Place::new(),
        Database::with(
            "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL); INSERT INTO t VALUES (1, 'sad')",
        ),
    );
    let mut t = table("t", &[("id", "integer"), ("m", "public.feeling")]);
    t.columns.to_mut().iter_mut().for_each(|it| it.nullable = false);
    let feeling =
        Enum { values: vec!["unhappy".into()].into(), ..Enum::new("public", "feeling", &[]) };
    let schema = Schema::declared([t]).and_then(|it| it.with_objects([feeling.into()]));
    let schema = schema.expect("names").with_renames([
        Rename::object(["public", "feeling"], "mood"),
        Rename::member(Renamed::Value, ["public", "feeling"], "unhappy", "sad"),
    ]);
    let schema = place.file("schema.json", &to_json(&schema).to_string());
    let sql = diff(&database, &schema, &["--sql"]).exits(0).out;
    database.sql(&sql);
    assert_eq!(database.texts("SELECT m::text FROM t"), ["unhappy"]);
    diff(&database, &schema, &["--check"]).exits(0);
}

fn diff(database: &Database, schema: &str, more: &[&str]) -> Said {
    run(&[&["diff", "--from", database.url(), "--to", schema], more].concat())
}
