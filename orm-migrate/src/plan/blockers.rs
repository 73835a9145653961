//! What PostgreSQL will refuse as the database is: a foreign key that stays points at what goes.
//!
//! The migration is tried on a scratch database, but not every role may create one.

use super::step::Step;
use super::{Hazard, HazardKind};
use crate::change::{ObjectName, Part, What};
use crate::ddl::cast::has_no_cast;
use crate::ddl::serial::{is_retyped, stored_type};
use crate::diff::mentions;
use crate::plan::order::references_above;
use orm_core::schema::{ForeignKey, IndexKey, Schema, Table};
use orm_core::sql::ident::Ident;

/// Says so at the steps that take the table or the key away.
pub(super) fn say(steps: &mut [Step], from: &Schema, to: &Schema) {
    let changes = || steps.iter().flat_map(|step| &step.changes);
    let is_dropped = |table: &Table| {
        let name = ObjectName::of(table);
        changes().any(|it| it.name == name && matches!(it.what, What::DropTable(_)))
    };
    let is_declared = |table: &Table| to.table(&table.schema, &table.name).is_some();
    // What is there afterwards: what is declared, and what is left alone.
    let kept = from.tables.iter().filter(|table| !is_declared(table) && !is_dropped(table));
    let after: Vec<&Table> = to.tables.iter().chain(kept).collect();
    let is_gone = |it: &Table, key: &ForeignKey| {
        let name = ObjectName::of(it);
        changes().any(|change| {
            change.name == name
                && matches!(&change.what, What::Drop(Part::ForeignKey(gone)) if gone == key)
        })
    };
    // The foreign keys that stay while partitions go.
    let keys: Vec<(ObjectName, ForeignKey)> = (from.tables.iter())
        .flat_map(|it| it.foreign_keys.iter().map(move |key| (it, key)))
        .filter(|(it, key)| !is_gone(it, key))
        .map(|(it, key)| (ObjectName::of(it), key.clone()))
        .collect();
    for step in steps {
        for change in &step.changes {
            if let What::Detach(_) = &change.what {
                let holds =
                    keys.iter().filter(|(_, key)| references_above(key, &change.name, from));
                step.hazards.extend(holds.map(|(table, _)| Hazard {
                    kind: HazardKind::FailsOnExistingRows,
                    sentence: format!(
                        "it fails if a row of {table} references one of {}",
                        change.name
                    ),
                }));
            }
            if let What::AlterColumn { from: before, to: after } = &change.what
                && is_retyped(before, after)
                && divides(from, &change.name, &before.name)
            {
                step.hazards.push(Hazard {
                    kind: HazardKind::Refused,
                    sentence: format!(
                        "PostgreSQL refuses to {change}: the rows of the table are divided by it; make a table of another name with the new type, and move the rows",
                    ),
                });
            }
            if let What::AlterColumn { from, to } = &change.what {
                let (old, new) = (stored_type(&from.data_type), stored_type(&to.data_type));
                if has_no_cast(old, new) {
                    step.hazards.push(Hazard {
                        kind: HazardKind::Refused,
                        sentence: format!(
                            "PostgreSQL refuses to {change}: it has no cast between them; add a column of another name, fill it, and drop this one"
                        ),
                    });
                }
            }
            let holds = after.iter().flat_map(|table| {
                let keys = table.foreign_keys.iter().filter(|key| is_target(key, &change.name));
                keys.filter(|key| takes_away(&change.what, key, &after)).map(|key| (*table, key))
            });
            step.hazards.extend(holds.map(|(table, key)| Hazard {
                kind: HazardKind::Refused,
                sentence: format!(
                    "PostgreSQL refuses to {change}: foreign key {} of table {} references it; drop that first",
                    Ident(key.name.as_deref().unwrap_or_default()),
                    ObjectName::of(table),
                ),
            }));
        }
    }
}

/// Whether the rows of the table, or of a partition of it, are divided by the column.
fn divides(schema: &Schema, table: &ObjectName, column: &str) -> bool {
    schema.tables.iter().any(|it| {
        let name = ObjectName::of(it);
        (name == *table || super::order::is_above(table, &name, schema))
            && it.partition_by.as_ref().is_some_and(|by| mentions(by, column))
    })
}

fn is_target(key: &ForeignKey, table: &ObjectName) -> bool {
    key.references_schema == table.schema && key.references_table == table.name
}

/// Whether the change takes away what the key needs, and nothing comes in its place.
fn takes_away(what: &What, key: &ForeignKey, after: &[&Table]) -> bool {
    match what {
        // One that comes again with the key has the foreign key again, too.
        What::DropTable(_) => !has_key(key, after),
        What::DropColumn(column) => {
            key.references_columns.contains(&column.name) && !has_key(key, after)
        }
        What::Drop(part @ (Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_))) => {
            columns(part).is_some_and(|columns| is_same(&columns, key)) && !has_key(key, after)
        }
        _ => false,
    }
}

/// Whether the target of a foreign key has a unique key over the columns that are referenced.
fn has_key(key: &ForeignKey, after: &[&Table]) -> bool {
    let target = after
        .iter()
        .find(|it| it.schema == key.references_schema && it.name == key.references_table);
    target.is_some_and(|target| {
        Part::all(target).any(|part| columns(&part).is_some_and(|columns| is_same(&columns, key)))
    })
}

/// The columns of a unique key that a foreign key may reference.
fn columns(part: &Part) -> Option<Vec<&str>> {
    match part {
        Part::PrimaryKey(key) => Some(key.columns.iter().map(AsRef::as_ref).collect()),
        Part::Unique(unique) => Some(unique.columns.iter().map(AsRef::as_ref).collect()),
        Part::Index(index) if index.unique && index.predicate.is_none() => {
            let columns = index.parts.iter().map(|part| match &part.key {
                IndexKey::Column(name) => Some(name.as_ref()),
                IndexKey::Expression(_) => None,
            });
            columns.collect()
        }
        _ => None,
    }
}

/// A foreign key may name the columns in another order than the key.
fn is_same(columns: &[&str], key: &ForeignKey) -> bool {
    columns.len() == key.references_columns.len()
        && key.references_columns.iter().all(|column| columns.contains(&column.as_ref()))
}
