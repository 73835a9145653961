//! What the choice of tables leaves out, although something that was chosen stands on it; pure.

use crate::change::ObjectName;
use crate::diff::has_word;
use orm_core::schema::{IndexKey, Object, Schema, Table, Text};
use orm_core::sql::ident::Qualified;

/// What is neither compared nor there, of that on which `chosen` stands: a note for each, with what to do.
pub(super) fn missing(chosen: &Schema, to: &Schema, from: &Schema) -> Vec<String> {
    let is_there = |object: &&Object| {
        [chosen, from].iter().any(|it| it.object(object.schema(), &object.name()).is_some())
    };
    let is_table_there =
        |it: &&Table| [chosen, from].iter().any(|of| of.table(&it.schema, &it.name).is_some());
    let objects = to.objects.iter().filter(|object| !is_there(object) && can_be_named(object));
    let tables = to.tables.iter().filter(|table| !is_table_there(table));
    let mut left_out: Vec<(&str, ObjectName)> =
        objects.map(|it| (it.kind(), ObjectName::of_object(it))).collect();
    left_out.extend(tables.map(|it| ("table", ObjectName::of(it))));
    let mut notes = Vec::new();
    let users =
        chosen.tables.iter().map(|it| (format!("table {}", ObjectName::of(it)), of_table(it)));
    let views = chosen.objects.iter().map(|it| (said(it), of_object(it)));
    for (user, texts) in users.chain(views) {
        for (kind, name) in &left_out {
            if texts.iter().any(|text| names(text, name)) {
                let schema = &name.schema;
                notes.push(format!(
                    "{user} needs {kind} {name}, which is not compared and does not exist: run it without --table and with --schema {schema} too, or make it before"
                ));
            }
        }
    }
    notes
}

fn said(object: &Object) -> String {
    format!("{} {}", object.kind(), ObjectName::of_object(object))
}

/// A schema comes with its tables, and nothing says of which extension a function is.
fn can_be_named(object: &Object) -> bool {
    !matches!(object, Object::Namespace(_) | Object::Extension(_))
}

/// Whether a text in the words of a catalog names it.
fn names(text: &str, it: &ObjectName) -> bool {
    let plain = it.name.split('(').next().unwrap_or_default();
    // As it is with quotes, and where it needs none.
    has_word(text, &format!("{}.{plain}", it.schema))
        || text.contains(&Qualified(&it.schema, plain).to_string())
}

fn of_table(table: &Table) -> Vec<&Text> {
    let of_columns = table.columns.iter().flat_map(|column| {
        let generated = column.generated.as_ref().map(|it| &it.expression);
        [Some(&column.data_type), column.default.as_ref(), generated].into_iter().flatten()
    });
    let of_indexes = table.indexes.iter().flat_map(|index| {
        let keys = index.parts.iter().filter_map(|part| match &part.key {
            IndexKey::Expression(text) => Some(text),
            IndexKey::Column(_) => None,
        });
        keys.chain(&index.predicate)
    });
    let of_policies =
        table.policies.iter().flat_map(|it| it.using.iter().chain(it.with_check.iter()));
    of_columns
        .chain(table.checks.iter().map(|it| &it.expression))
        .chain(of_indexes)
        .chain(table.triggers.iter().map(|it| &it.action))
        .chain(of_policies)
        .collect()
}

/// A body is not looked at before it runs.
fn of_object(object: &Object) -> Vec<&Text> {
    match object {
        Object::View(it) => vec![&it.query],
        Object::Domain(it) => vec![&it.data_type],
        Object::Composite(it) => it.attributes.iter().map(|it| &it.data_type).collect(),
        _ => Vec::new(),
    }
}
