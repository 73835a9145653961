//! Random schemas whose rows fit any other of them: a column's name says which types it may have.

use orm_core::schema::{
    Action, Check, Column, Domain, Enum, ForeignKey, Generated, Index, IndexKey, IndexPart,
    NullsOrder, Object, PrimaryKey, Schema, SortOrder, Table, Text, Unique, View,
};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// A column by its name: types that cast into each other, and a value that fits all of them.
struct Family {
    name: &'static str,
    types: &'static [&'static str],
    value: &'static str,
    check: Option<&'static str>,
}

const FAMILIES: &[Family] = &[
    Family {
        name: "number",
        types: &["smallint", "integer", "bigint", "numeric(10,2)"],
        value: "7",
        check: Some("number > 0 and number between 1 and 100"),
    },
    Family {
        name: "words",
        types: &["text", "varchar(20)", "varchar(50)", "character varying"],
        value: "'x'",
        check: Some("words in ('x', 'y') or words like 'z%'"),
    },
    Family {
        name: "At",
        types: &["timestamptz", "timestamp", "date"],
        value: "'2026-01-02'",
        check: Some("\"At\" > '2000-01-01'"),
    },
    Family { name: "document", types: &["jsonb", "json"], value: "'{\"a\": [1]}'", check: None },
    Family {
        name: "mood",
        types: &["mood", "text"],
        value: "'ok'",
        check: Some("mood <> 'great'"),
    },
    Family { name: "moods", types: &["mood[]", "text[]"], value: "'{ok}'", check: None },
    Family { name: "flag", types: &["boolean"], value: "true", check: Some("flag is not false") },
    Family {
        name: "key",
        types: &["uuid", "text"],
        value: "'7f6c9a2e-9d1b-4c39-8a56-000000000001'",
        check: None,
    },
    Family {
        name: "list",
        types: &["integer[]", "bigint[]"],
        value: "'{1,2}'",
        check: Some("cardinality(list) < 9"),
    },
    Family { name: "address", types: &["email", "text"], value: "'a@b'", check: None },
];

const TABLES: [&str; 3] = ["user", "team", "Order"];

/// The values of every column, by name.
pub fn value(column: &str) -> Option<&'static str> {
    FAMILIES.iter().find(|family| family.name == column).map(|family| family.value)
}

/// A column of a family: NOT NULL only with a default, so that it can come to a table with rows.
fn column(family: &'static Family) -> impl Strategy<Value = (Column, Option<Check>)> {
    (0..family.types.len(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        move |(data_type, nullable, has_default, is_checked)| {
            let column = Column {
                nullable,
                default: (has_default || !nullable).then_some(Text::Borrowed(family.value)),
                comment: is_checked.then_some(Text::Borrowed("it's checked")),
                ..Column::new(family.name, family.types[data_type])
            };
            let text = if column.data_type.ends_with(']') || column.data_type == "mood" {
                None
            } else {
                family.check
            };
            let check = text.filter(|_| is_checked);
            (column, check.map(|text| Check { expression: text.into(), ..Check::default() }))
        },
    )
}

fn columns() -> impl Strategy<Value = Vec<(Column, Option<Check>)>> {
    subsequence((0..FAMILIES.len()).collect::<Vec<_>>(), 0..=5).prop_flat_map(|chosen| {
        chosen.into_iter().map(|at| column(&FAMILIES[at])).collect::<Vec<_>>()
    })
}

/// The extras of a table: what stands on its columns.
#[derive(Debug, Clone)]
struct Extras {
    unique: bool,
    index: bool,
    partial: bool,
    generated: bool,
    references: Option<usize>,
    action: Action,
    comment: bool,
}

fn extras() -> impl Strategy<Value = Extras> {
    let action = prop_oneof![Just(Action::NoAction), Just(Action::Cascade), Just(Action::SetNull)];
    (any::<[bool; 5]>(), proptest::option::of(0..TABLES.len()), action).prop_map(
        |([unique, index, partial, generated, comment], references, action)| Extras {
            unique,
            index,
            partial,
            generated,
            references,
            action,
            comment,
        },
    )
}

fn table(name: &'static str) -> impl Strategy<Value = (Table, Option<usize>, Action)> {
    (columns(), extras()).prop_map(move |(columns, extras)| {
        let mut it = Table::new("public", name);
        it.columns.to_mut().push(Column::new("id", "bigint"));
        it.primary_key =
            Some(PrimaryKey { columns: vec!["id".into()].into(), ..PrimaryKey::default() });
        let first = columns.first().map(|(column, _)| column.name.clone());
        for (column, check) in columns {
            it.columns.to_mut().push(column);
            it.checks.to_mut().extend(check);
        }
        if extras.generated {
            let column = Column {
                nullable: true,
                generated: Some(Generated::stored("id * 2")),
                ..Column::new("twice", "bigint")
            };
            it.columns.to_mut().push(column);
        }
        let sortable = first.filter(|name| !matches!(name.as_ref(), "document"));
        if let Some(name) = sortable {
            let columns = vec![Text::Borrowed("id"), name.clone()];
            if extras.unique {
                it.uniques.to_mut().push(Unique { columns: columns.into(), ..Unique::default() });
            }
            if extras.index {
                let part = IndexPart {
                    key: IndexKey::Column(name.clone()),
                    order: SortOrder::Descending,
                    nulls: NullsOrder::Last,
                    ..IndexPart::column("id")
                };
                let parts = vec![part, IndexPart::column("id")];
                it.indexes.to_mut().push(Index { parts: parts.into(), ..Index::default() });
            }
            if extras.partial {
                let predicate = format!("\"{name}\" is not null and id > 0");
                let parts = vec![IndexPart::column("id")];
                it.indexes.to_mut().push(Index {
                    parts: parts.into(),
                    predicate: Some(predicate.into()),
                    ..Index::default()
                });
            }
        }
        it.comment = extras.comment.then_some(Text::Borrowed("a table"));
        (it, extras.references, extras.action)
    })
}

fn tables() -> impl Strategy<Value = Vec<Table>> {
    subsequence(TABLES.to_vec(), 0..=TABLES.len())
        .prop_flat_map(|names| names.into_iter().map(table).collect::<Vec<_>>())
        .prop_map(|tables| {
            let names: Vec<Text> = tables.iter().map(|(table, ..)| table.name.clone()).collect();
            tables
                .into_iter()
                .map(|(table, to, action)| joined(table, to, action, &names))
                .collect()
        })
}

/// A foreign key to one of the tables that are there.
fn joined(mut table: Table, to: Option<usize>, action: Action, names: &[Text]) -> Table {
    let Some(target) = to.and_then(|to| names.get(to)) else { return table };
    let column = Column { nullable: true, ..Column::new("parent", "bigint") };
    table.columns.to_mut().push(column);
    table.foreign_keys.to_mut().push(ForeignKey {
        columns: vec![Text::Borrowed("parent")].into(),
        references_schema: "public".into(),
        references_table: target.clone(),
        references_columns: vec![Text::Borrowed("id")].into(),
        on_delete: action,
        ..ForeignKey::default()
    });
    table
}

/// The types are always there; what they say varies, but for the values that rows have.
fn objects() -> impl Strategy<Value = Vec<Object>> {
    let values = subsequence(vec!["bad", "good", "great"], 0..=3);
    (values, 0..4_usize, any::<bool>()).prop_map(|(mut values, place, strict)| {
        values.insert(place.min(values.len()), "ok");
        let values: Vec<Text> = values.into_iter().map(Text::Borrowed).collect();
        let mood = Enum {
            schema: "public".into(),
            name: "mood".into(),
            values: values.into(),
            comment: None,
            grants: Default::default(),
        };
        let mut email = Domain::new("public", "email", "text");
        if strict {
            let check = Check {
                name: Some("email_check".into()),
                expression: "value ~ '@'".into(),
                ..Check::default()
            };
            email.checks.to_mut().push(check);
        }
        vec![mood.into(), email.into()]
    })
}

/// A whole schema.
pub fn schema() -> impl Strategy<Value = Schema> {
    (tables(), objects(), any::<bool>()).prop_map(|(tables, mut objects, with_views)| {
        for table in tables.iter().filter(|_| with_views) {
            let columns: Vec<String> =
                table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let view = View {
                schema: "public".into(),
                name: format!("{} view", table.name).into(),
                query: format!(
                    "select {} from \"{}\" where id > 0",
                    columns.join(", "),
                    table.name
                )
                .into(),
                ..View::default()
            };
            objects.push(view.into());
        }
        let schema = Schema::declared(tables).and_then(|it| it.with_objects(objects));
        schema.expect("names that do not collide")
    })
}
