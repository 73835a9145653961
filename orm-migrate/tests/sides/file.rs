//! A schema as a file: what is written is read, whatever is in it.

#[path = "../random/schema.rs"]
#[expect(dead_code, reason = "the rows are for another test")]
mod schema;

use crate::support::{Database, Place, run};
use orm_core::schema::Schema;
use orm_migrate::plan::schema_sql;
use orm_migrate::side::{from_json, to_json};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn read(place: &Place, text: &str) -> Schema {
    from_json(place.file("schema.json", text).as_ref())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn any_declared_schema_is_read_as_it_was_written() {
    let place = Place::new();
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&schema::schema(), |schema| {
        let text = to_json(&schema).to_string();
        prop_assert_eq!(read(&place, &text), schema);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn any_schema_of_a_database_is_read_as_it_was_written() {
    let place = Place::new();
    let config =
        Config { cases: 6, failure_persistence: None, max_shrink_iters: 8, ..Config::default() };
    let result = TestRunner::new(config).run(&schema::schema(), |schema| {
        let database = Database::with(&schema_sql(&schema));
        let json = run(&["sql", "--json", database.url()]).exits(0).out;
        let file = place.file("schema.json", &json);
        prop_assert_eq!(run(&["sql", "--json", &file]).exits(0).out, json);
        let sql = run(&["sql", &file]).exits(0).out;
        prop_assert_eq!(&sql, &run(&["sql", database.url()]).exits(0).out);
        let said = run(&["diff", "--check", "--from", database.url(), "--to", &file]).exits(0).out;
        prop_assert_eq!(said, "no differences\n");
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// The server writes `EXTRACT('YEAR' ..)` in another way since 15.20: a file of before is the same schema.
#[test]
fn a_file_that_an_older_release_has_written_is_the_same_schema() {
    let place = Place::new();
    let database = Database::with(
        "CREATE TABLE t (at timestamp CONSTRAINT c CHECK (EXTRACT('YEAR' FROM at) > 2));
         CREATE VIEW v AS SELECT EXTRACT('YEAR' FROM at) AS y FROM t",
    );
    let json = run(&["sql", "--json", database.url()]).exits(0).out;
    assert!(json.contains("EXTRACT(year FROM at)"), "{json}");
    for spelling in ["EXTRACT(YEAR FROM at)", "EXTRACT(\\\"YEAR\\\" FROM at)"] {
        let text = json.replace("EXTRACT(year FROM at)", spelling);
        assert_ne!(text, json);
        let file = place.file("older.json", &text);
        for (from, to) in [(file.as_str(), database.url()), (database.url(), &file)] {
            let found = run(&["diff", "--check", "--from", from, "--to", to]).exits(0);
            assert_eq!(found.out, "no differences\n", "{spelling}");
        }
    }
}
