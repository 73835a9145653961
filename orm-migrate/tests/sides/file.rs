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
