//! Renamings that pass a name on: the old owner gives it up first, and a circle is opened by a name in between.

use crate::change::{BETWEEN, Change, What};

/// The renamings in an order in which every new name is free.
pub(super) fn sorted(mut waiting: Vec<Change>) -> Vec<Change> {
    let mut sorted = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = waiting.iter().position(|change| {
            waiting.iter().all(|other| !is_name_of(other, change) || other == change)
        });
        match free {
            Some(index) => sorted.push(waiting.remove(index)),
            None => {
                let change = waiting.remove(0);
                let (first, last) = by_a_name_in_between(change, sorted.len());
                sorted.extend(first);
                waiting.extend(last);
            }
        }
    }
    sorted
}

/// Whether the name that `change` gives is still the one of `other`'s part.
fn is_name_of(other: &Change, change: &Change) -> bool {
    match (&other.what, &change.what) {
        (What::Rename { part, .. }, What::Rename { to, .. }) => {
            // Constraints without an index share names per table, the rest per schema: the wider of the two is safe.
            other.name.schema == change.name.schema && part.name() == to.as_ref()
        }
        _ => false,
    }
}

fn by_a_name_in_between(change: Change, number: usize) -> (Option<Change>, Option<Change>) {
    let Change { name: table, what: What::Rename { part, to } } = change else {
        return (Some(change), None);
    };
    let between = format!("{BETWEEN}{number}");
    let first = What::Rename { part: part.clone(), to: between.clone().into() };
    let last = What::Rename { part: part.named(Some(between.into())), to };
    (Some(Change { name: table.clone(), what: first }), Some(Change { name: table, what: last }))
}
