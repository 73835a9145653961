//! Parts that stay, but must step aside for a while: PostgreSQL drops them with a column that is made again, or
//! refuses to change what a foreign key holds on to.

use super::graph::names;
use super::partition_tree::is_above;
use super::schema_index::{self, OfType, columns_of};
use super::sql_expressions::texts_of_part;
use crate::change::{Change, ObjectName, Part, What};
use crate::ddl::serial::is_retyped;
use orm_core::schema::{Column, Deferrable, ForeignKey, IndexKey, IndexPart, Policy, Schema, Text};

/// Adds what must be dropped before and added after.
pub(super) fn with_detached_parts(changes: &mut Vec<Change>, from: &Schema) {
    let rebuilt = schema_index::rebuilt(changes, from);
    let retyped: Vec<OfType<'_>> = columns_of(from, &rebuilt).map(|(_, it)| it).collect();
    // A key that is made again shakes the foreign keys to it: so these come last.
    for is_key in [false, true] {
        for table in &from.tables {
            let name = ObjectName::of(table);
            let is_dropped =
                |change: &Change| change.name == name && matches!(change.what, What::DropTable(_));
            if changes.iter().any(is_dropped) {
                continue;
            }
            let parts =
                Part::all(table).filter(|part| matches!(part, Part::ForeignKey(_)) == is_key);
            for part in parts {
                let is_on_type = || {
                    rebuilt.iter().any(|it| stands_on(&part, it))
                        || retyped.iter().any(|it| holds(&part, &name, it, from))
                };
                if is_shaken(changes, &name, &part, from) || is_on_type() {
                    detach(changes, &name, part);
                }
            }
        }
    }
}

/// Adds that the part goes, and comes back as it is declared.
pub(super) fn detach(changes: &mut Vec<Change>, table: &ObjectName, part: Part) {
    let is_gone = |change: &Change| {
        change.name == *table && matches!(&change.what, What::Drop(it) if *it == part)
    };
    if changes.iter().any(is_gone) {
        return;
    }
    let mut again = part.clone();
    // It comes back as it is declared, under its new name.
    let is_it = |it: &Part| it.kind() == part.kind() && it.equals_but_for_name(&part);
    changes.retain(|change| match &change.what {
        What::AlterPart { from, to } if change.name == *table && is_it(from) => {
            again = to.clone();
            false
        }
        _ => true,
    });
    changes.retain(|change| match &change.what {
        What::Rename { part: it, to } if change.name == *table && *it == part => {
            again = again.clone().named(Some(to.clone()));
            false
        }
        _ => true,
    });
    changes.push(Change { name: table.clone(), what: What::Drop(part) });
    changes.push(Change { name: table.clone(), what: What::Add(again) });
}

/// Whether PostgreSQL refuses to change the type of a column because of the part.
fn holds(part: &Part, table: &ObjectName, of: &OfType<'_>, from: &Schema) -> bool {
    let is_here = of.table == *table || is_above(&of.table, table, from);
    let name = &of.column.name;
    match part {
        Part::ForeignKey(key) => {
            is_here && key.columns.contains(name)
                || is_target(&of.table, key) && key.references_columns.contains(name)
        }
        Part::Trigger(_) => is_here && mentions(part, of.column),
        Part::Policy(policy) => looks_into(policy, &of.table, table) && mentions(part, of.column),
        // The rest PostgreSQL makes again by itself, if it does not name the type.
        _ => false,
    }
}

fn is_shaken(changes: &[Change], table: &ObjectName, part: &Part, from: &Schema) -> bool {
    let comes_again = |name: &ObjectName| {
        let comes = |it: &Change| matches!(it.what, What::AddTable(_) | What::AddObject(_));
        changes.iter().any(|it| it.name == *name && comes(it))
    };
    changes.iter().any(|change| match (&change.what, part) {
        (What::DropTable(_), Part::ForeignKey(key)) => {
            is_target(&change.name, key) && comes_again(&change.name)
        }
        // PostgreSQL refuses to detach rows that are referenced, although they are back a moment later.
        (What::Detach(_), Part::ForeignKey(key)) => {
            let is_back =
                |it: &Change| it.name == change.name && matches!(it.what, What::Attach(_));
            references_above(key, &change.name, from) && changes.iter().any(is_back)
        }
        (What::DropTable(_), Part::Policy(policy)) => {
            change.name != *table
                && looks_into(policy, &change.name, table)
                && comes_again(&change.name)
        }
        (What::DropObject(_), part) if stands_on(part, &change.name) => true,
        (what, Part::ForeignKey(key)) => shakes_key(&change.name, what, table, key, from),
        (what, Part::Policy(policy)) => {
            shakes_policy(&change.name, what, table, policy)
                || is_above(&change.name, table, from) && shakes_policy(table, what, table, policy)
        }
        (What::DropColumn(column), part) => change.name == *table && mentions(part, column),
        // PostgreSQL refuses it for triggers, and makes all else on the column again by itself.
        (What::AlterColumn { from: before, to: after }, Part::Trigger(_)) => {
            (change.name == *table || is_above(&change.name, table, from))
                && is_retyped(before, after)
                && mentions(part, after)
        }
        _ => false,
    })
}

fn stands_on(part: &Part, object: &ObjectName) -> bool {
    texts_of_part(part).iter().any(|text| names(text, object))
}

fn looks_into(policy: &Policy, other: &ObjectName, own: &ObjectName) -> bool {
    let mut texts = policy.using.iter().chain(policy.with_check.iter());
    other == own || texts.any(|it| crate::diff::mentions(it, &other.name))
}

/// A policy may look into other tables.
fn shakes_policy(changed: &ObjectName, what: &What, table: &ObjectName, policy: &Policy) -> bool {
    let is_named = looks_into(policy, changed, table);
    let part = Part::Policy(policy.clone());
    is_named
        && match what {
            What::DropColumn(column) => mentions(&part, column),
            What::AlterColumn { from, to } => is_retyped(from, to) && mentions(&part, to),
            _ => false,
        }
}

/// Whether the key references a table of which this one is a partition.
pub(in crate::plan) fn references_above(
    key: &ForeignKey,
    partition: &ObjectName,
    schema: &Schema,
) -> bool {
    let target = ObjectName {
        schema: key.references_schema.to_string(),
        name: key.references_table.to_string(),
    };
    is_above(&target, partition, schema)
}

pub(super) fn is_target(table: &ObjectName, key: &ForeignKey) -> bool {
    table.schema == key.references_schema && table.name == key.references_table
}

fn shakes_key(
    changed: &ObjectName,
    what: &What,
    table: &ObjectName,
    key: &ForeignKey,
    from: &Schema,
) -> bool {
    let is_target = is_target(changed, key);
    let joins = |column: &Column| {
        changed == table && key.columns.contains(&column.name)
            || is_target && key.references_columns.contains(&column.name)
    };
    match what {
        What::AlterColumn { from, to } => is_retyped(from, to) && joins(to),
        What::DropColumn(column) => joins(column),
        What::Drop(gone) => is_target && depends_on(key, gone, from),
        _ => false,
    }
}

/// Whether the foreign key depends on this index of its target. Where a catalog does not tell which of several that
/// fit the server chose, it may be any.
fn depends_on(key: &ForeignKey, part: &Part, from: &Schema) -> bool {
    let target = from.table(&key.references_schema, &key.references_table);
    let is_there = |name: &str| {
        target.is_some_and(|it| Part::all(it).any(|it| it.name() == name && can_enforce(&it, key)))
    };
    can_enforce(part, key)
        && key.index.name().filter(|name| is_there(name)).is_none_or(|name| part.name() == name)
}

/// Whether the server can find the referenced row by this part (manual, `CREATE TABLE`, `REFERENCES`): a key of just
/// these columns that is checked at once. They may be in another order.
fn can_enforce(part: &Part, key: &ForeignKey) -> bool {
    let is_key = |columns: &[Text]| {
        columns.len() == key.references_columns.len()
            && columns.iter().all(|column| key.references_columns.contains(column))
    };
    match part {
        Part::PrimaryKey(it) => it.deferrable == Deferrable::No && is_key(&it.columns),
        Part::Unique(it) => it.deferrable == Deferrable::No && is_key(&it.columns),
        Part::Index(it) => {
            let columns: Option<Vec<Text>> = (it.parts.iter())
                .map(|part| match &part.key {
                    IndexKey::Column(name) => Some(name.clone()),
                    IndexKey::Expression(_) => None,
                })
                .collect();
            it.unique && it.predicate.is_none() && columns.is_some_and(|it| is_key(&it))
        }
        _ => false,
    }
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
                || index.parts.iter().any(|part| is_on(part, name))
        }
        Part::Exclusion(it) => {
            it.include.contains(name)
                || it.predicate.as_ref().is_some_and(|it| crate::diff::mentions(it, name))
                || it.elements.iter().any(|element| is_on(&element.part, name))
        }
        Part::Trigger(it) => {
            // Only these words name columns of the table.
            crate::diff::mentions(&it.events, name)
                || it.action.contains("WHEN") && crate::diff::mentions(&it.action, name)
        }
        Part::Policy(it) => {
            let mut texts = it.using.iter().chain(it.with_check.iter());
            texts.any(|text| crate::diff::mentions(text, name))
        }
    }
}

fn is_on(part: &IndexPart, column: &str) -> bool {
    match &part.key {
        IndexKey::Column(it) => it == column,
        IndexKey::Expression(it) => crate::diff::mentions(it, column),
    }
}
