//! Tables and functions that stand on each other: a table is checked by a function over its own rows. What closes such
//! a circle comes last, and goes first.

use super::graph::calls;
use super::sql_expressions::{texts_of_object, texts_of_part};
use crate::change::{Change, ObjectName, Part, What};
use orm_core::schema::{Column, Object, Table};

/// Makes changes of their own of the parts and columns that call what stands on their table.
pub(super) fn with_open_circles(changes: &mut Vec<Change>) {
    let come = objects(changes, |what| match what {
        What::AddObject(it) => Some(it),
        _ => None,
    });
    let go = objects(changes, |what| match what {
        What::DropObject(it) => Some(it),
        _ => None,
    });
    let mut apart = Vec::new();
    for Change { name, what } in changes.iter_mut() {
        let mut add = |what| apart.push(Change { name: name.clone(), what });
        match what {
            What::AddTable(table) => {
                let over = standing_on(name, &come);
                let Apart { parts, columns } = take_apart(table, &over);
                parts.into_iter().for_each(|part| add(What::Add(part)));
                for (bare, column) in columns {
                    add(match bare {
                        Some(bare) => What::AlterColumn { from: bare, to: column },
                        None => What::AddColumn(column),
                    });
                }
            }
            What::DropTable(table) => {
                let over = standing_on(name, &go);
                let Apart { parts, columns } = take_apart(table, &over);
                parts.into_iter().for_each(|part| add(What::Drop(part)));
                for (bare, column) in columns {
                    add(match bare {
                        Some(bare) => What::AlterColumn { from: column, to: bare },
                        None => What::DropColumn(column),
                    });
                }
            }
            _ => {}
        }
    }
    changes.extend(apart);
}

fn objects(changes: &[Change], of: impl Fn(&What) -> Option<&Object>) -> Vec<Object> {
    let found = changes.iter().filter_map(|change| of(&change.what));
    found.filter(|it| matches!(it, Object::Function(_) | Object::View(_))).cloned().collect()
}

/// The objects that name the table, and those that name these.
fn standing_on(table: &ObjectName, objects: &[Object]) -> Vec<ObjectName> {
    let mut found = vec![table.clone()];
    loop {
        let more: Vec<ObjectName> = (objects.iter())
            .map(|object| (ObjectName::of_object(object), texts_of_object(object)))
            .filter(|(name, texts)| {
                let names =
                    |it: &ObjectName| texts.iter().any(|text| super::graph::names(text, it));
                !found.contains(name) && found.iter().any(names)
            })
            .map(|(name, _)| name)
            .collect();
        if more.is_empty() {
            found.remove(0);
            return found;
        }
        found.extend(more);
    }
}

#[derive(Default)]
struct Apart {
    parts: Vec<Part>,
    /// Each as it is without what it calls, or nothing of a generated one.
    columns: Vec<(Option<Column>, Column)>,
}

/// Takes out of the table what calls these functions.
fn take_apart(table: &mut Table, functions: &[ObjectName]) -> Apart {
    let mut apart = Apart::default();
    if functions.is_empty() {
        return apart;
    }
    let is_called = |text: &str| functions.iter().any(|it| calls(text, it));
    let is_apart = |part: &Part| texts_of_part(part).iter().any(|text| is_called(text));
    let (parts, rest): (Vec<Part>, Vec<Part>) = Part::all(table).partition(is_apart);
    if !parts.is_empty() {
        Part::replace_all(table, rest);
        // Policies are changes of their own already.
        apart.parts = parts.into_iter().filter(|it| !matches!(it, Part::Policy(_))).collect();
    }
    let mut columns = table.columns.to_vec();
    columns.retain_mut(|column| {
        let full = column.clone();
        let is_generated = |it: &Column| {
            it.generated.as_ref().is_some_and(|generated| is_called(&generated.expression))
        };
        if is_generated(column) {
            apart.columns.push((None, full));
            return false;
        }
        if column.default.as_deref().is_some_and(is_called) {
            column.default = None;
            apart.columns.push((Some(column.clone()), full));
        }
        true
    });
    if !apart.columns.is_empty() {
        table.columns = columns.into();
    }
    apart
}
