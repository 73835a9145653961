//! Views and functions that stay, but must step aside while what they stand on is changed or made again: PostgreSQL
//! refuses to alter what a view reads. They come back with their comments and rights.

use super::graph::{names, texts_of_object};
use crate::change::{Change, ObjectName, What};
use crate::ddl::object::can_be_altered;
use crate::ddl::serial::is_retyped;
use crate::diff::mentions;
use orm_core::schema::{Object, Schema};

/// Adds what must be dropped before and created after, until nothing more is shaken.
pub(super) fn with_remade_objects(
    mut changes: Vec<Change>,
    from: &Schema,
    to: &Schema,
) -> Vec<Change> {
    let can_be_remade = |it: &&Object| matches!(it, Object::View(_) | Object::Function(_));
    loop {
        let shaken = from.objects.iter().filter(can_be_remade).find(|object| {
            let name = ObjectName::of_object(object);
            let is_gone =
                |change: &Change| change.name == name && matches!(change.what, What::DropObject(_));
            !changes.iter().any(is_gone)
                && changes.iter().any(|change| shakes(change, object, from))
        });
        let Some(object) = shaken else { return changes };
        let name = ObjectName::of_object(object);
        // It comes back as it is declared; one that is not ours, as it was.
        let again = to.object(object.schema(), &object.name()).unwrap_or(object).clone();
        let is_altered = |change: &Change| {
            change.name == name && matches!(change.what, What::AlterObject { .. })
        };
        changes.retain(|change| !is_altered(change));
        let what = What::DropObject(Box::new(object.clone()));
        changes.push(Change { name: name.clone(), what });
        changes.push(Change { name, what: What::AddObject(Box::new(again)) });
    }
}

/// Whether PostgreSQL refuses the change because of the object.
fn shakes(change: &Change, object: &Object, from: &Schema) -> bool {
    let texts = texts_of_object(object);
    let reads = |table: &ObjectName, column: &str| {
        texts.iter().any(|text| names(text, table) && mentions(text, column))
    };
    let is_view = matches!(object, Object::View(_));
    match &change.what {
        What::AlterColumn { from, to } => {
            is_view && is_retyped(from, to) && reads(&change.name, &from.name)
        }
        What::DropColumn(column) => is_view && reads(&change.name, &column.name),
        What::DropObject(_) => {
            change.name != ObjectName::of_object(object)
                && texts.iter().any(|text| names(text, &change.name))
        }
        What::AlterObject { from: before, to: after } if !can_be_altered(before, after) => {
            texts.iter().any(|text| names(text, &change.name))
                || is_view
                    && columns_of_type(from, &change.name)
                        .any(|(table, column, _)| reads(&table, &column.name))
        }
        _ => false,
    }
}

/// The columns of a type or of arrays of it, but for those of partitions, which follow their table.
pub(crate) fn columns_of_type<'a>(
    schema: &'a Schema,
    name: &'a ObjectName,
) -> impl Iterator<Item = (ObjectName, &'a orm_core::schema::Column, bool)> {
    let wanted = format!("{}.{}", name.schema, name.name);
    let tables = schema.tables.iter().filter(|table| table.partition_of.is_none());
    tables.flat_map(move |table| {
        let wanted = wanted.clone();
        table.columns.iter().filter_map(move |column| {
            let plain = column.data_type.replace('"', "");
            let element = plain.trim_end_matches("[]");
            (element == wanted).then(|| (ObjectName::of(table), column, element != plain))
        })
    })
}
