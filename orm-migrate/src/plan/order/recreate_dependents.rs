//! Views and functions that stay, but must step aside while what they stand on is changed or made again: PostgreSQL
//! refuses to alter what a view reads. They come back with their comments and rights.

use super::graph::names;
use super::partition_tree::is_above;
use super::schema_index::{self, columns_of};
use super::sql_expressions::{is_read_when_made, texts_of_object};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::object::can_be_altered;
use crate::ddl::serial::{is_retyped, is_serial};
use crate::diff::mentions;
use orm_core::schema::{Column, Object, Schema};
use std::collections::BTreeSet;

/// Adds what must be dropped before and created after, until nothing more is shaken.
pub(super) fn with_remade_objects(changes: &mut Vec<Change>, from: &Schema, to: &Schema) {
    let can_be_remade = |it: &&Object| matches!(it, Object::View(_) | Object::Function(_));
    let rebuilt = schema_index::rebuilt(changes, from);
    loop {
        let shaken = from.objects.iter().filter(can_be_remade).find(|object| {
            let name = ObjectName::of_object(object);
            let is_gone =
                |change: &Change| change.name == name && matches!(change.what, What::DropObject(_));
            !changes.iter().any(is_gone)
                && (changes.iter().any(|change| shakes(change, object, changes, from))
                    || is_shaken_by_types(object, &rebuilt, from))
        });
        let Some(object) = shaken else { return };
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

/// Whether the object reads the column of a table or of one of its partitions.
fn reads(object: &Object, table: &ObjectName, column: &str, from: &Schema) -> bool {
    // The arguments of a function say the table whose column its body says.
    let texts = texts_of_object(object);
    texts.iter().any(|text| mentions(text, column))
        && from.tables.iter().map(ObjectName::of).any(|it| {
            (it == *table || is_above(table, &it, from))
                && texts.iter().any(|text| names(text, &it))
        })
}

/// Whether PostgreSQL refuses the change because of the object.
fn shakes(change: &Change, object: &Object, changes: &[Change], from: &Schema) -> bool {
    let holds_columns = is_read_when_made(object);
    let is_named = || texts_of_object(object).iter().any(|text| names(text, &change.name));
    match &change.what {
        What::AlterColumn { from: before, to: after } => {
            holds_columns
                && is_retyped(before, after)
                && (reads(object, &change.name, &before.name, from)
                    || takes_row_of(object, &change.name, from))
        }
        // 15.20 refuses what gives the rows of a table a value where such a function takes one of them.
        What::AddColumn(column) => {
            may_be_filled(column) && takes_row_of(object, &change.name, from)
        }
        What::Storage { from: before, to: after } => {
            before.unlogged != after.unlogged && takes_row_of(object, &change.name, from)
        }
        What::DropColumn(column) => {
            holds_columns && reads(object, &change.name, &column.name, from)
        }
        // Rows grouped by a key may be read whole (manual, section 7.2.3): that stands on the key.
        What::Drop(Part::PrimaryKey(_)) => {
            holds_columns
                && is_named()
                && texts_of_object(object).iter().any(|it| it.contains("GROUP BY"))
        }
        // A table that comes again is another one, and so is a view in its place.
        What::DropTable(_) => {
            let comes_again = |it: &Change| {
                it.name == change.name && matches!(it.what, What::AddTable(_) | What::AddObject(_))
            };
            changes.iter().any(comes_again) && is_named()
        }
        What::DropObject(_) => change.name != ObjectName::of_object(object) && is_named(),
        What::AlterObject { from: before, to: after } => match (&**before, &**after) {
            (Object::Composite(before), Object::Composite(after))
                if before.attributes != after.attributes =>
            {
                takes_row_of(object, &change.name, from)
            }
            _ => !schema_index::is_type(before) && !can_be_altered(before, after) && is_named(),
        },
        _ => false,
    }
}

/// Whether PostgreSQL gives the column a value in each row, or looks at one. A type with a schema may be a domain.
fn may_be_filled(column: &Column) -> bool {
    column.default.is_some()
        || column.identity.is_some()
        || column.generated.is_some()
        || is_serial(column)
        || column.data_type.contains('.')
}

/// Whether it is a function whose body is SQL and which takes a row of the table, of one of its partitions, or of the
/// composite type.
pub(super) fn takes_row_of(object: &Object, of: &ObjectName, from: &Schema) -> bool {
    let Object::Function(it) = object else { return false };
    if !is_read_when_made(object) || it.signature.is_empty() {
        return false;
    }
    let below = from.tables.iter().map(ObjectName::of).filter(|it| is_above(of, it, from));
    let names: BTreeSet<ObjectName> = below.chain([of.clone()]).collect();
    it.signature.split(", ").any(|it| matches!(schema_index::is_of(it, &names), Some((_, false))))
}

/// The tables of whose partitions the function takes a row, as SQL: what is done to a table is done to all below it.
pub(super) fn tables_above(object: &Object, from: &Schema) -> Vec<String> {
    let Object::Function(it) = object else { return Vec::new() };
    let partitions = from.tables.iter().filter(|it| it.partition_of.is_some());
    let partitions: BTreeSet<ObjectName> = partitions.map(ObjectName::of).collect();
    let of = it.signature.split(", ").filter_map(|it| schema_index::is_of(it, &partitions));
    let of: BTreeSet<&ObjectName> = of.map(|(name, _)| name).collect();
    let above = from.tables.iter().filter(|it| it.partition_by.is_some()).map(ObjectName::of);
    let above = above.filter(|above| of.iter().any(|it| is_above(above, it, from)));
    above.map(|it| format!("{}.{}", it.schema, it.name)).collect()
}

fn is_shaken_by_types(object: &Object, rebuilt: &BTreeSet<ObjectName>, from: &Schema) -> bool {
    if rebuilt.is_empty() {
        return false;
    }
    schema_index::stands_on(object, rebuilt)
        || is_read_when_made(object)
            && columns_of(from, rebuilt)
                .any(|(_, it)| reads(object, &it.table, &it.column.name, from))
}
