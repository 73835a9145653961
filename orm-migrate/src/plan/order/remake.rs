//! Views and functions that stay, but must step aside while what they stand on is changed or made again: PostgreSQL
//! refuses to alter what a view reads. They come back with their comments and rights.

use super::family::is_above;
use super::graph::names;
use super::texts::{is_read_when_made, texts_of_object};
use super::types::{self, columns_of};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::object::can_be_altered;
use crate::ddl::serial::is_retyped;
use crate::diff::mentions;
use orm_core::schema::{Object, Schema};
use std::collections::BTreeSet;

/// Adds what must be dropped before and created after, until nothing more is shaken.
pub(super) fn with_remade_objects(changes: &mut Vec<Change>, from: &Schema, to: &Schema) {
    let can_be_remade = |it: &&Object| matches!(it, Object::View(_) | Object::Function(_));
    let rebuilt = types::rebuilt(changes, from);
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
                && reads(object, &change.name, &before.name, from)
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
        What::AlterObject { from: before, to: after } => {
            !types::is_type(before) && !can_be_altered(before, after) && is_named()
        }
        _ => false,
    }
}

fn is_shaken_by_types(object: &Object, rebuilt: &BTreeSet<ObjectName>, from: &Schema) -> bool {
    if rebuilt.is_empty() {
        return false;
    }
    types::stands_on(object, rebuilt)
        || is_read_when_made(object)
            && columns_of(from, rebuilt)
                .any(|(_, it)| reads(object, &it.table, &it.column.name, from))
}
