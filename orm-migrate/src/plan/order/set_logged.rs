//! Tables that become unlogged or logged: PostgreSQL refuses a table that is logged and references one that is not. Who
//! references goes first where tables become unlogged, and last where they become logged.

use super::temporarily_drop::detach;
use crate::change::{Change, ObjectName, Part, What};
use crate::plan::step::target;
use orm_core::schema::{ForeignKey, Schema};

/// Adds what opens circles of such tables: foreign keys that go before, and come back after.
pub(super) fn with_open_circles(changes: &mut Vec<Change>, from: &Schema) {
    let keys: Vec<(ObjectName, ForeignKey)> = between(changes, from);
    for (table, key) in &keys {
        let mut reached = vec![target(key)];
        let mut next = 0;
        while let Some(name) = reached.get(next).cloned() {
            let more = keys.iter().filter(|(it, _)| *it == name).map(|(_, key)| target(key));
            for name in more {
                if !reached.contains(&name) {
                    reached.push(name);
                }
            }
            next += 1;
        }
        if reached.contains(table) {
            detach(changes, table, Part::ForeignKey(key.clone()));
        }
    }
}

/// Which of two such changes comes first, by their numbers.
pub(super) fn edges(changes: &[Change], from: &Schema) -> Vec<(usize, usize)> {
    let keys = between(changes, from);
    let place = |name: &ObjectName| {
        changes.iter().position(|it| it.name == *name && becomes_unlogged(it).is_some())
    };
    let edge = |(table, key): &(ObjectName, ForeignKey)| {
        let (own, other) = (place(table)?, place(&target(key))?);
        let becomes_unlogged = changes.get(own).and_then(becomes_unlogged)?;
        Some(if becomes_unlogged { (own, other) } else { (other, own) })
    };
    keys.iter().filter_map(edge).collect()
}

/// The foreign keys that stay between two tables which are both stored otherwise.
fn between(changes: &[Change], from: &Schema) -> Vec<(ObjectName, ForeignKey)> {
    let is_changed = |name: &ObjectName| {
        changes.iter().any(|it| it.name == *name && becomes_unlogged(it).is_some())
    };
    let is_gone = |name: &ObjectName, key: &ForeignKey| {
        let gone = |what: &What| matches!(what, What::Drop(Part::ForeignKey(it)) if it == key);
        changes.iter().any(|it| it.name == *name && gone(&it.what))
    };
    let tables = from.tables.iter().map(|table| (ObjectName::of(table), table));
    tables
        .filter(|(name, _)| is_changed(name))
        .flat_map(|(name, table)| {
            table.foreign_keys.iter().map(move |key| (name.clone(), key.clone()))
        })
        .filter(|(name, key)| {
            target(key) != *name && is_changed(&target(key)) && !is_gone(name, key)
        })
        .collect()
}

fn becomes_unlogged(change: &Change) -> Option<bool> {
    match &change.what {
        What::Storage { from, to } if from.unlogged != to.unlogged => Some(to.unlogged),
        _ => None,
    }
}
