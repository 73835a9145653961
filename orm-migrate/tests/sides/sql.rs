//! `sql`: a whole schema, that runs as it stands and is the schema it says.

use orm_migrate_test_support::{Database, TempFolder, auth_manifest, run};

/// What a database may have that a whole schema must order.
const ZOO: &str = "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('ok', 'bad'); CREATE DOMAIN age AS int CHECK (VALUE > 0); \
    CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a * 2; \
    CREATE TABLE s.\"Odd \"\"table\" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m s.mood DEFAULT 'ok', a age, \
      d int GENERATED ALWAYS AS (id * 2) STORED); \
    CREATE TABLE a (id serial PRIMARY KEY, b int, name text COLLATE \"C\" CHECK (name <> '')); \
    CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a (id) ON DELETE CASCADE); \
    ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id) DEFERRABLE; \
    CREATE INDEX part ON a (lower(name) DESC) INCLUDE (b) WHERE b > 0; \
    CREATE VIEW seen AS SELECT a.id, twice(b.id) AS two FROM a JOIN b ON a.id = b.a; \
    COMMENT ON TABLE a IS 'it''s'; COMMENT ON COLUMN a.name IS 'said'";

fn same(from: &str, to: &str) {
    assert_eq!(
        run(&["diff", "--check", "--from", from, "--to", to]).exits(0).out,
        "no differences\n"
    );
}

#[test]
fn the_schema_of_the_crate_runs_on_an_empty_database() {
    // Without any server.
    let auth = auth_manifest();
    let sql = run(&["sql", "--manifest-path", &auth]).exits(0).out;
    let made = Database::with(&sql);
    let place = TempFolder::new();
    let folder = place.migrations("m", &[]);
    let crate_as_it_is = ["--manifest-path", &auth, "--migrations", &folder];
    let check = ["diff", "--check", "--from", made.url()];
    run(&[&check[..], &crate_as_it_is].concat()).exits(0);
    // As a file it says the same, also the names that nobody gave.
    let json = run(&["sql", "--json", "--manifest-path", &auth]).exits(0);
    assert_eq!(json.json()["format"], 1);
    let file = place.file("schema.json", &json.out);
    same(made.url(), &file);
    same(&file, made.url());
    made.sql("ALTER TABLE \"user\" RENAME CONSTRAINT user_pkey TO another");
    same(made.url(), &file);
    assert_eq!(run(&["sql", &file]).exits(0).out, sql);
    run(&[
        &["diff", "--check", "--from", &file, "--database-url", made.url()][..],
        &crate_as_it_is,
    ]
    .concat())
    .exits(0);
}

#[test]
fn the_schema_of_a_database_makes_another_one_like_it() {
    let (from, place) = (Database::with(ZOO), TempFolder::new());
    let sql = run(&["sql", from.url()]).exits(0);
    assert_eq!(sql.error, "");
    let to = Database::with(&sql.out);
    same(from.url(), to.url());
    same(to.url(), from.url());
    // Once more, and as a file.
    assert_eq!(run(&["sql", to.url()]).exits(0).out, sql.out);
    let file = place.file("zoo.json", &run(&["sql", "--json", from.url()]).exits(0).out);
    same(from.url(), &file);
    assert_eq!(run(&["sql", &file]).exits(0).out, sql.out);
    let by_default = run(&["sql", "database", "--database-url", from.url()]).exits(0);
    assert_eq!(by_default.out, sql.out);
}

#[test]
fn what_is_not_managed_is_said_to_be_left_out() {
    let from = Database::with("CREATE TABLE a (id int); CREATE TYPE span AS RANGE (subtype = int)");
    let said = run(&["sql", from.url()]).exits(0);
    assert!(said.error.contains("not managed: range type public.span"), "{}", said.error);
    Database::with(&said.out);
}

#[test]
fn migrations_are_printed_as_one_schema_within_the_filters() {
    let (place, server) = (TempFolder::new(), Database::with(""));
    let folder = place.migrations(
        "m",
        &[
            ("CREATE TABLE a (id int PRIMARY KEY);", None),
            ("ALTER TABLE a ADD b int; CREATE TABLE c (a int REFERENCES a);", None),
        ],
    );
    let flags = ["--scratch-url", server.url(), "--migrations", &folder];
    let all = run(&[&["sql", "migrations"][..], &flags].concat()).exits(0).out;
    assert!(all.contains("\"b\" integer") && !all.contains("ADD \"b\""), "{all}");
    same(
        Database::with(&all).url(),
        Database::with(
            "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE c (a int REFERENCES a)",
        )
        .url(),
    );
    let only = run(&[&["sql", "migrations", "--table", "c"][..], &flags].concat()).exits(0);
    assert!(only.error.contains("a foreign key of \"c\" is left out"), "{}", only.error);
    same(Database::with(&only.out).url(), Database::with("CREATE TABLE c (a int)").url());
    run(&["sql", "migrations", "--migrations", &folder]).exits(1).says(&["--scratch-url"]);
}
