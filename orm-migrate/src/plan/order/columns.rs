//! Columns whose default or generation expression stands on what is made again: PostgreSQL drops neither the function
//! nor the type under them. The default goes for a while; a generated column is made again.

use super::graph::names;
use super::schema_index::{self, is_of};
use crate::change::{Change, ObjectName, What};
use crate::diff::mentions;
use orm_core::schema::{Column, Object, Schema, Table};
use std::collections::BTreeSet;

/// Adds what must go before and come back after.
pub(super) fn with_moved_columns(changes: &mut Vec<Change>, from: &Schema, to: &Schema) {
    let rebuilt = schema_index::rebuilt(changes, from);
    let gone: BTreeSet<ObjectName> = (changes.iter())
        .filter(|change| match &change.what {
            What::DropObject(it) => !matches!(**it, Object::Extension(_) | Object::Namespace(_)),
            _ => false,
        })
        .map(|change| change.name.clone())
        .collect();
    if rebuilt.is_empty() && gone.is_empty() {
        return;
    }
    let what = MadeAgain { rebuilt: &rebuilt, gone: &gone };
    for table in from.tables.iter().filter(|table| table.partition_of.is_none()) {
        let name = ObjectName::of(table);
        let is_dropped =
            |change: &Change| change.name == name && matches!(change.what, What::DropTable(_));
        if changes.iter().any(is_dropped) {
            continue;
        }
        for column in table.columns.iter() {
            let declared = to.table(&table.schema, &table.name);
            let again = declared.and_then(|it| it.column(&column.name)).unwrap_or(column);
            if what.is_generated_from(table, column) {
                make_again(changes, &name, column, again);
            } else if what.is_under_default(column) {
                bare(changes, &name, column);
            }
        }
    }
    domains(changes, from, to, &what);
}

struct MadeAgain<'a> {
    /// Types that are made again with their columns.
    rebuilt: &'a BTreeSet<ObjectName>,
    /// Other objects that go, most of them to come again.
    gone: &'a BTreeSet<ObjectName>,
}

impl MadeAgain<'_> {
    fn is_generated_from(&self, table: &Table, column: &Column) -> bool {
        let Some(generated) = &column.generated else { return false };
        let text = &generated.expression;
        let reads =
            |it: &Column| mentions(text, &it.name) && is_of(&it.data_type, self.rebuilt).is_some();
        is_of(&column.data_type, self.rebuilt).is_some()
            || self.rebuilt.iter().chain(self.gone).any(|name| names(text, name))
            || table.columns.iter().any(reads)
    }

    fn is_under_default(&self, column: &Column) -> bool {
        let Some(text) = &column.default else { return false };
        // The default of a column of the type itself goes and comes with the type.
        let own = is_of(&column.data_type, self.rebuilt).map(|(name, _)| name);
        self.gone.iter().any(|name| names(text, name))
            || self.rebuilt.iter().any(|name| Some(name) != own && names(text, name))
    }

    fn is_under(&self, text: &str) -> bool {
        self.gone.iter().any(|name| names(text, name))
    }
}

fn make_again(changes: &mut Vec<Change>, table: &ObjectName, from: &Column, to: &Column) {
    let is_gone = changes.iter().any(|change| {
        change.name == *table
            && match &change.what {
                What::DropColumn(it) => it.name == from.name,
                // It is made plain, which lets go of what it was generated from.
                What::AlterColumn { to, .. } => to.name == from.name && to.generated.is_none(),
                _ => false,
            }
    });
    if is_gone {
        return;
    }
    changes.retain(|change| {
        change.name != *table
            || !matches!(&change.what, What::AlterColumn { to, .. } if to.name == from.name)
    });
    changes.push(Change { name: table.clone(), what: What::DropColumn(from.clone()) });
    changes.push(Change { name: table.clone(), what: What::AddColumn(to.clone()) });
}

/// Lets the default go at first, and come at last.
fn bare(changes: &mut Vec<Change>, table: &ObjectName, column: &Column) {
    let bare = Column { default: None, ..column.clone() };
    let of_column = |change: &Change| {
        change.name == *table
            && match &change.what {
                What::DropColumn(it) => it.name == column.name,
                What::AlterColumn { to, .. } => to.name == column.name,
                _ => false,
            }
    };
    let mut end = column.clone();
    match changes.iter().find(|change| of_column(change)).map(|it| it.what.clone()) {
        Some(What::AlterColumn { to, .. }) if to == bare => return,
        Some(What::AlterColumn { to, .. }) => end = to,
        Some(_) => return,
        None => {}
    }
    changes.retain(|change| !of_column(change));
    let first = What::AlterColumn { from: column.clone(), to: bare.clone() };
    let last = What::AlterColumn { from: bare.clone(), to: end.clone() };
    changes.push(Change { name: table.clone(), what: first });
    if end != bare {
        changes.push(Change { name: table.clone(), what: last });
    }
}

/// The same for domains: their default and their checks.
fn domains(changes: &mut Vec<Change>, from: &Schema, to: &Schema, what: &MadeAgain<'_>) {
    for object in &from.objects {
        let (Object::Domain(domain), name) = (object, ObjectName::of_object(object)) else {
            continue;
        };
        let texts = domain.default.iter().chain(domain.checks.iter().map(|it| &it.expression));
        let is_shaken = texts.into_iter().any(|text| what.is_under(text));
        let of_it = |change: &Change| change.name == name;
        let is_gone = changes
            .iter()
            .any(|change| of_it(change) && matches!(change.what, What::DropObject(_)));
        if !is_shaken || is_gone || what.rebuilt.contains(&name) {
            continue;
        }
        let mut bare = domain.clone();
        bare.default = None;
        bare.checks = orm_core::schema::List::default();
        let bare = Object::Domain(bare);
        let end = to.object(object.schema(), &object.name()).unwrap_or(object).clone();
        let is_done = |change: &Change| {
            of_it(change) && matches!(&change.what, What::AlterObject { to, .. } if **to == bare)
        };
        if changes.iter().any(is_done) {
            continue;
        }
        changes.retain(|change| !of_it(change));
        let mut add = |from: &Object, to: &Object| {
            let (from, to) = (Box::new(from.clone()), Box::new(to.clone()));
            changes.push(Change { name: name.clone(), what: What::AlterObject { from, to } });
        };
        add(object, &bare);
        if end != bare {
            add(&bare, &end);
        }
    }
}
