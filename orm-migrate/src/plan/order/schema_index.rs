//! Types that are made again: PostgreSQL can neither remove a value of an enum nor change the type under a domain. What
//! is of the type, or stands on it, is made again with it.

use super::sql_expressions::texts_of_object;
use crate::change::{Change, ObjectName, What};
use crate::ddl::object::can_be_altered;
use orm_core::schema::{Check, Column, Object, Schema};
use std::collections::BTreeSet;

/// A column of a type that is made again.
#[derive(Debug, Clone)]
pub(crate) struct OfType<'a> {
    pub(crate) table: ObjectName,
    pub(crate) column: &'a Column,
    pub(crate) is_array: bool,
}

/// Whether columns can have it as their type, which PostgreSQL then keeps from being dropped.
pub(crate) fn is_type(object: &Object) -> bool {
    matches!(object, Object::Enum(_) | Object::Domain(_) | Object::Composite(_))
}

/// Makes one change of a type that goes and one of the same name that comes, for its columns stay.
pub(super) fn joined(mut changes: Vec<Change>) -> Vec<Change> {
    let gone: Vec<Change> = (changes.iter())
        .filter(|it| matches!(&it.what, What::DropObject(it) if is_type(it)))
        .cloned()
        .collect();
    for change in gone {
        let What::DropObject(from) = &change.what else { continue };
        let new = changes.iter_mut().find(|it| {
            it.name == change.name && matches!(&it.what, What::AddObject(it) if is_type(it))
        });
        let Some(new) = new else { continue };
        if let What::AddObject(to) = &new.what {
            new.what = What::AlterObject { from: from.clone(), to: to.clone() };
            changes.retain(|it| *it != change);
        }
    }
    changes
}

/// Adds the types that stand on those that are made again.
pub(super) fn with_rebuilt(changes: &mut Vec<Change>, from: &Schema, to: &Schema) {
    for name in rebuilt(changes, from) {
        let is_it = |change: &Change| {
            change.name == name && matches!(change.what, What::AlterObject { .. })
        };
        if changes.iter().any(is_it) {
            continue;
        }
        let Some(live) = from.object(&name.schema, &name.name) else { continue };
        let again = to.object(&name.schema, &name.name).unwrap_or(live);
        let (from, to) = (Box::new(live.clone()), Box::new(again.clone()));
        changes.push(Change { name, what: What::AlterObject { from, to } });
    }
}

/// The types that are made again.
pub(crate) fn rebuilt(changes: &[Change], from: &Schema) -> BTreeSet<ObjectName> {
    let names: BTreeSet<ObjectName> = (changes.iter())
        .filter(|change| match &change.what {
            What::AlterObject { from: before, to: after } => {
                is_type(before) && is_rebuilt(before, after, &change.name, from)
            }
            _ => false,
        })
        .map(|change| change.name.clone())
        .collect();
    if names.is_empty() {
        return names;
    }
    let is_gone = |name: &ObjectName| {
        changes.iter().any(|it| it.name == *name && matches!(it.what, What::DropObject(_)))
    };
    containing(names, from, is_gone)
}

/// These types and those that have one of them within them, but for those that are gone.
pub(crate) fn containing(
    mut names: BTreeSet<ObjectName>,
    from: &Schema,
    is_gone: impl Fn(&ObjectName) -> bool,
) -> BTreeSet<ObjectName> {
    loop {
        let more: Vec<ObjectName> = (from.objects.iter())
            .filter(|object| is_type(object))
            .filter(|object| types_of(object).any(|it| is_of(it, &names).is_some()))
            .map(ObjectName::of_object)
            .filter(|name| !names.contains(name) && !is_gone(name))
            .collect();
        if more.is_empty() {
            return names;
        }
        names.extend(more);
    }
}

fn is_rebuilt(before: &Object, after: &Object, name: &ObjectName, from: &Schema) -> bool {
    if let (Object::Composite(before), Object::Composite(after)) = (before, after) {
        // As long as a column is of the type, PostgreSQL changes no attribute of it.
        let changes = before
            .attributes
            .iter()
            .any(|old| after.attributes.iter().any(|new| new.name == old.name && new != old));
        if changes && is_used(name, from) {
            return true;
        }
    }
    if let (Object::Domain(before), Object::Domain(after)) = (before, after) {
        // PostgreSQL looks at the values in columns of a domain, not at those within arrays and rows.
        let holds = |check: &Check| {
            before.checks.iter().any(|it| it.expression == check.expression && !it.not_valid)
        };
        let is_new = |check: &Check| !check.not_valid && !holds(check);
        let refuses_more = after.checks.iter().any(is_new) || after.not_null && !before.not_null;
        if refuses_more && is_within(name, from) {
            return true;
        }
    }
    // One that stands on another is made again as it is.
    before == after || !can_be_altered(before, after)
}

/// Whether arrays or rows have values of the type in them.
fn is_within(name: &ObjectName, from: &Schema) -> bool {
    let names = BTreeSet::from([name.clone()]);
    let is_array = |data_type: &str| is_of(data_type, &names).is_some_and(|(_, is_array)| is_array);
    let columns = || from.tables.iter().flat_map(|it| it.columns.iter());
    columns().any(|it| is_array(&it.data_type))
        || from.objects.iter().any(|object| match object {
            Object::Composite(_) => {
                types_of(object).any(|it| is_of(it, &names).is_some())
                    && is_used(&ObjectName::of_object(object), from)
            }
            Object::Domain(it) => is_array(&it.data_type),
            _ => false,
        })
}

fn is_used(name: &ObjectName, from: &Schema) -> bool {
    let names = BTreeSet::from([name.clone()]);
    let in_types = from.objects.iter().flat_map(types_of);
    let in_tables = from.tables.iter().flat_map(|it| it.columns.iter()).map(|it| &*it.data_type);
    in_types.chain(in_tables).any(|data_type| is_of(data_type, &names).is_some())
}

/// The types that a type is made of.
fn types_of(object: &Object) -> impl Iterator<Item = &str> {
    let (domain, composite) = match object {
        Object::Domain(it) => (Some(&*it.data_type), None),
        Object::Composite(it) => (None, Some(it.attributes.iter())),
        _ => (None, None),
    };
    domain.into_iter().chain(composite.into_iter().flatten().map(|it| &*it.data_type))
}

/// Which of the types a column is of, and whether it is an array of it. Types are spelled as a catalog does.
pub(crate) fn is_of<'n>(
    data_type: &str,
    names: &'n BTreeSet<ObjectName>,
) -> Option<(&'n ObjectName, bool)> {
    if names.is_empty() {
        return None;
    }
    // A quote within a name is written twice.
    let plain = data_type.replace("\"\"", "\0").replace('"', "").replace('\0', "\"");
    let element = plain.trim_end_matches("[]");
    let name = names.iter().find(|name| {
        let rest = element.strip_prefix(name.schema.as_str());
        rest.and_then(|rest| rest.strip_prefix('.')) == Some(name.name.as_str())
    });
    name.map(|name| (name, element != plain))
}

/// The columns of these types or of arrays of them, but for those of partitions, which follow their table, and those
/// that are generated, which are made again.
pub(crate) fn columns_of<'a>(
    schema: &'a Schema,
    names: &'a BTreeSet<ObjectName>,
) -> impl Iterator<Item = (&'a ObjectName, OfType<'a>)> {
    let tables = schema.tables.iter().filter(|table| table.partition_of.is_none());
    tables.flat_map(move |table| {
        let columns = table.columns.iter().filter(|column| column.generated.is_none());
        columns.filter_map(move |column| {
            let (name, is_array) = is_of(&column.data_type, names)?;
            Some((name, OfType { table: ObjectName::of(table), column, is_array }))
        })
    })
}

/// Whether the object names one of these types.
pub(super) fn stands_on(object: &Object, names: &BTreeSet<ObjectName>) -> bool {
    let texts = texts_of_object(object);
    names.iter().any(|name| texts.iter().any(|text| super::graph::names(text, name)))
}
