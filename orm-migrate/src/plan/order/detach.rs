//! Parts that stay, but must step aside for a while: PostgreSQL drops them with a column that is made again, or
//! refuses to change what a foreign key holds on to.

use super::graph::{names, texts_of_part};
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::object::can_be_altered;
use crate::ddl::serial::is_retyped;
use orm_core::schema::{Column, ForeignKey, IndexKey, Schema};

/// Adds what must be dropped before and added after.
pub(crate) fn with_detached_parts(
    mut changes: Vec<Change>,
    from: &Schema,
    to: &Schema,
) -> Vec<Change> {
    // A key that is made again shakes the foreign keys to it: so these come last.
    for is_key in [false, true] {
        for table in &from.tables {
            let name = ObjectName::of(table);
            let is_dropped =
                |change: &Change| change.name == name && matches!(change.what, What::DropTable(_));
            // A table that only lives and is not dropped is another's, and stays as it is.
            let declared = to.table(&table.schema, &table.name).unwrap_or(table);
            if changes.iter().any(is_dropped) {
                continue;
            }
            let parts = Part::all(table)
                .filter(|part| matches!(part, Part::ForeignKey(_)) == is_key)
                .filter(|part| Part::all(declared).any(|it| it.equals_but_for_name(part)));
            for part in parts {
                if is_shaken(&changes, &name, &part) {
                    detach(&mut changes, &name, part);
                }
            }
        }
    }
    changes
}

fn detach(changes: &mut Vec<Change>, table: &ObjectName, part: Part) {
    let is_gone = |change: &Change| {
        change.name == *table && matches!(&change.what, What::Drop(it) if *it == part)
    };
    if changes.iter().any(is_gone) {
        return;
    }
    let mut again = part.clone();
    // It comes back under its new name.
    changes.retain(|change| match &change.what {
        What::Rename { part: it, to } if change.name == *table && *it == part => {
            again = part.clone().named(Some(to.clone()));
            false
        }
        _ => true,
    });
    changes.push(Change { name: table.clone(), what: What::Drop(part) });
    changes.push(Change { name: table.clone(), what: What::Add(again) });
}

fn is_shaken(changes: &[Change], table: &ObjectName, part: &Part) -> bool {
    changes.iter().any(|change| match (&change.what, part) {
        (what, Part::ForeignKey(key)) => shakes_key(&change.name, what, table, key),
        (What::DropColumn(column), part) => change.name == *table && mentions(part, column),
        // What is made again takes along what names it.
        (What::DropObject(_), part) => stands_on(part, &change.name),
        (What::AlterObject { from, to }, part) => {
            !can_be_altered(from, to) && stands_on(part, &change.name)
        }
        _ => false,
    })
}

fn stands_on(part: &Part, object: &ObjectName) -> bool {
    texts_of_part(part).iter().any(|text| names(text, object))
}

fn shakes_key(changed: &ObjectName, what: &What, table: &ObjectName, key: &ForeignKey) -> bool {
    let is_target = changed.schema == key.references_schema && changed.name == key.references_table;
    let joins = |column: &Column| {
        changed == table && key.columns.contains(&column.name)
            || is_target && key.references_columns.contains(&column.name)
    };
    match what {
        What::AlterColumn { from, to } => is_retyped(from, to) && joins(to),
        What::DropColumn(column) => joins(column),
        What::Drop(Part::PrimaryKey(gone)) => is_target && same(&gone.columns, key),
        What::Drop(Part::Unique(gone)) => is_target && same(&gone.columns, key),
        What::Drop(Part::Index(gone)) => is_target && gone.unique,
        _ => false,
    }
}

/// A foreign key may name the columns of its target's key in another order.
fn same(columns: &[orm_core::schema::Text], key: &ForeignKey) -> bool {
    columns.len() == key.references_columns.len()
        && columns.iter().all(|column| key.references_columns.contains(column))
}

/// Whether a part has to do with a column. An expression that only seems to is made again for nothing.
pub(crate) fn mentions(part: &Part, column: &Column) -> bool {
    let name = &column.name;
    match part {
        Part::PrimaryKey(key) => key.columns.contains(name),
        Part::Unique(unique) => unique.columns.contains(name),
        Part::ForeignKey(key) => key.columns.contains(name),
        Part::Check(check) => crate::diff::mentions(&check.expression, name),
        Part::Index(index) => {
            index.include.contains(name)
                || index.predicate.as_ref().is_some_and(|it| crate::diff::mentions(it, name))
                || index.parts.iter().any(|part| match &part.key {
                    IndexKey::Column(it) => it == name,
                    IndexKey::Expression(it) => crate::diff::mentions(it, name),
                })
        }
    }
}
