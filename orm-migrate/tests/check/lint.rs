//! What `check` makes of lint findings, and that the rules read a server's words as an author's.

use crate::support::Case;
use orm_core::exec::{Config, Connection};
use orm_migrate::devdb::test_database;
use orm_migrate::lint::{LintSettings, lint};
use serde_json::{Value, json};

fn rules(document: &Value) -> Vec<&str> {
    let findings = document["lint"]["findings"].as_array().expect("a list");
    findings.iter().filter_map(|it| it["rule"].as_str()).collect()
}

#[test]
fn findings_count_unless_they_are_turned_off_by_name_or_only_told() {
    let case = Case::applied("faults");
    let check = |more: &[&str]| {
        let said = case.run("check", &[&["-F", "faults", "--json"], more].concat());
        (said.code, said.json())
    };
    let both = ["unbounded-text-primary-key", "foreign-key-without-index"];
    let (code, document) = check(&[]);
    assert_eq!((code, rules(&document)), (Some(2), both.to_vec()), "{document}");
    let finding = &document["lint"]["findings"][1];
    assert_eq!((&finding["schema"], &finding["table"]), (&json!("public"), &json!("note")));
    assert_eq!(finding["place"], json!({ "kind": "foreign key", "name": "note_person_id_fkey" }));
    for (more, code, found) in [
        (&["--allow", both[0], "--allow", both[1]][..], 0, &both[..0]),
        (&["--allow", "unbounded-text-primary-key:note"], 2, &both[1..]),
        (&["--allow", "unbounded-text-primary-key:person"], 2, &both[..]),
        (&["--lint=warn"], 0, &both[..]),
        (&["--lint=warn", "--deny", both[1]], 2, &both[..]),
        (&["--lint=off"], 0, &both[..0]),
    ] {
        let (found_code, document) = check(more);
        assert_eq!((found_code, rules(&document)), (Some(code), found.to_vec()), "{more:?}");
    }
    let said = case.run("check", &["-F", "faults"]);
    for part in ["LINT  2 lint findings", "foreign-key-without-index: foreign key", "fix: "] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let said = case.run("check", &["--allow", "duplicate-indx"]);
    assert!(said.code == Some(64) && said.error.contains("`duplicate-index`"), "{}", said.error);
}

#[test]
fn the_rules_are_listed_without_a_project() {
    let case = Case::new();
    let document = case.run_at(None, "check", &["--rules", "--json"]).json();
    let rules = document["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), orm_migrate::lint::rules().count());
    assert_eq!(rules[0]["on"], true);
    let said = case.run_at(None, "check", &["--rules"]);
    assert!(said.out.contains("foreign-key-without-index: on"), "{}", said.out);
}

/// Faults that a catalog tells in words of its own.
const FAULTS: &str = "
    CREATE TABLE a (id serial PRIMARY KEY, at timestamp, c char(3), j json, m money, b_id int, done bool,
        CHECK (at < now()), CHECK (c IS NOT NULL));
    CREATE INDEX ON a (done);
    CREATE INDEX ON a (id);
    CREATE INDEX ON a (at);
    CREATE INDEX ON a (at, c);
    CREATE TABLE b (id bigint PRIMARY KEY, a_id int NOT NULL REFERENCES a);
    ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
    CREATE TABLE c (code varchar PRIMARY KEY CHECK (code <> ''), line text);
    CREATE TABLE d (line text);
    CREATE TABLE fine (code varchar PRIMARY KEY CHECK (char_length(code) <= 20), kind varchar UNIQUE
        CHECK (kind IN ('a', 'b')), at timestamptz DEFAULT now());
    CREATE INDEX ON fine (at) WHERE kind = 'a';
";

#[test]
fn rules_read_what_a_server_says() {
    let database = test_database().expect("a database");
    let config = Config::from_url(database.url()).expect("a URL");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let live = runtime.block_on(async {
        let connection = Connection::connect(&config).await.expect("a session");
        connection.batch_execute(FAULTS).await.expect("tables");
        orm_migrate::catalog::read(&connection).await.expect("read")
    });
    let found = lint(live.canonical.schema(), &LintSettings::default());
    let found: Vec<String> =
        found.iter().map(|it| format!("{} {} {}", it.table, it.place.name, it.rule)).collect();
    let expected = [
        "a a_at_check check-not-immutable",
        "a a_c_check check-instead-of-not-null",
        "a at timestamp-without-time-zone",
        "a c char-type",
        "a id integer-primary-key-may-overflow",
        "a id serial-instead-of-identity",
        "a j json-instead-of-jsonb",
        "a m money-type",
        "a a_b_id_fkey foreign-key-type-mismatch",
        "a a_b_id_fkey foreign-key-without-index",
        "a a_at_idx redundant-index",
        "a a_done_idx index-on-boolean",
        "a a_id_idx duplicate-index",
        "b b_a_id_fkey foreign-key-without-index",
        "c code unbounded-text-primary-key",
        "d d table-without-primary-key",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_reserved_words_are_those_of_the_server() {
    let database = test_database().expect("a database");
    let config = Config::from_url(database.url()).expect("a URL");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sql = "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T') ORDER BY word";
    let rows = runtime.block_on(async {
        let connection = Connection::connect(&config).await.expect("a session");
        connection.query::<orm_core::exec::DriverRow>(sql, &[]).await.expect("words")
    });
    let words: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(words.len() > 90, "{words:?}");
    let tables = words.iter().map(|word| orm_core::schema::Table {
        schema: "public".into(),
        name: word.clone().into(),
        ..orm_core::schema::Table::new("", "")
    });
    let schema = orm_core::schema::Schema::declared(tables).expect("tables");
    let found = lint(&schema, &LintSettings::only("reserved-word-name"));
    let found: Vec<String> = found.into_iter().map(|it| it.table).collect();
    let missing: Vec<&String> = words.iter().filter(|word| !found.contains(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
