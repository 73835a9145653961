//! A schema as a file: what is written is read, whatever is in it.

#[path = "../random/schema.rs"]
#[expect(dead_code, reason = "the rows are for another test")]
mod schema;

use crate::support::{Database, Place, run};
use orm_core::schema::Schema;
use orm_migrate::plan::schema_sql;
use orm_migrate::source::{from_json, to_json};
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

/// A program that lists its tables prints it without `serde`.
#[test]
fn any_schema_that_a_program_prints_is_read_as_it_is() {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&schema::schema(), |schema| {
        let text = schema.to_json();
        let read: Schema =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        prop_assert_eq!(read, schema);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_word_that_a_program_prints_is_one_that_is_read() {
    use orm_core::schema::*;
    let actions =
        [Action::NoAction, Action::Restrict, Action::Cascade, Action::SetNull, Action::SetDefault];
    let deferrables =
        [Deferrable::No, Deferrable::InitiallyImmediate, Deferrable::InitiallyDeferred];
    let commands = [
        PolicyCommand::All,
        PolicyCommand::Select,
        PolicyCommand::Insert,
        PolicyCommand::Update,
        PolicyCommand::Delete,
    ];
    let mut table = Table::new("public", "a\"\\\n\u{1f600}");
    let of_action =
        |action| ForeignKey { on_delete: action, on_update: action, ..ForeignKey::default() };
    table.foreign_keys = actions.map(of_action).to_vec().into();
    let of_deferrable = |deferrable| Unique { deferrable, ..Unique::default() };
    table.uniques = deferrables.map(of_deferrable).to_vec().into();
    table.policies =
        commands.map(|command| Policy { command, ..Policy::default() }).to_vec().into();
    let kinds = [IdentityKind::Always, IdentityKind::ByDefault];
    let identities = kinds
        .map(|kind| Column { identity: Some(Identity::new(kind)), ..Column::new("i", "bigint") });
    let kinds = [GeneratedKind::Stored, GeneratedKind::Virtual];
    let generated = kinds.map(|kind| Column {
        generated: Some(Generated { expression: "1".into(), kind }),
        ..Column::new("g", "bigint")
    });
    table.columns = [identities, generated].concat().into();
    let part =
        |key, order, nulls| IndexPart { key, collation: None, operator_class: None, order, nulls };
    let parts = vec![
        part(IndexKey::Column("a".into()), SortOrder::Ascending, NullsOrder::First),
        part(IndexKey::Expression("lower(a)".into()), SortOrder::Descending, NullsOrder::Last),
    ];
    table.indexes = vec![Index { parts: parts.into(), ..Index::default() }].into();
    let owner = OwnedBy { schema: "public".into(), table: "a".into(), column: "i".into() };
    let objects = vec![
        Namespace::new("s").into(),
        Extension::new("citext").into(),
        Enum::new("public", "e", &[]).into(),
        Domain::new("public", "d", "text").into(),
        Composite::new("public", "c", &[]).into(),
        Sequence { owned_by: Some(Box::new(owner)), ..Sequence::new("public", "q") }.into(),
        Function::new("public", "f", "", "RETURNS int").into(),
        View::new("public", "v", "SELECT 1").into(),
    ];
    let of = [
        Renamed::Table,
        Renamed::Object,
        Renamed::Column,
        Renamed::Part,
        Renamed::Value,
        Renamed::Attribute,
    ];
    let renames = of.map(|of| Rename {
        of,
        schema: "public".into(),
        name: "b".into(),
        member: None,
        from_schema: Some("old".into()),
        from: "a".into(),
    });
    let name = ImpliedName { schema: "public".into(), table: "a".into(), name: "a_key".into() };
    let schema = Schema {
        tables: vec![table],
        objects,
        implied_names: [name].into(),
        renames: renames.to_vec(),
        ..Schema::default()
    };
    let read: Schema = serde_json::from_str(&schema.to_json()).expect("a schema");
    assert_eq!(read, schema);
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
