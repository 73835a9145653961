//! Constraints and indexes: which of the one side is which of the other.

use crate::change::{Part, What};
use orm_core::schema::{Schema, Table, Text};

/// What leads from the parts of one table to those of the other.
pub(super) fn diff(from: &Table, to: &Table, declared: &Schema) -> Vec<What> {
    let (pairs, gone) = pairs(from, to, declared);
    let mut changes: Vec<What> = gone.into_iter().map(What::Drop).collect();
    for (part, live) in pairs {
        match live {
            None => changes.push(What::Add(part)),
            Some(live) if live.name() == part.name() || declared.is_implied(to, part.name()) => {}
            Some(live) => {
                changes.push(What::Rename { to: Text::from(part.name().to_owned()), part: live })
            }
        }
    }
    changes
}

/// Gives the parts of `to` that nobody named the names they have in `from`.
pub(super) fn settle(from: &Table, to: &mut Table, declared: &Schema) {
    let (pairs, _) = pairs(from, to, declared);
    let shape = to.clone();
    let names = pairs.into_iter().filter_map(|(part, live)| {
        let live = live?;
        let implied = declared.is_implied(&shape, part.name());
        implied.then(|| (part.kind(), part.name().to_owned(), Text::from(live.name().to_owned())))
    });
    for (kind, old, new) in names {
        let set = |name: &mut Option<Text>| {
            if name.as_deref() == Some(old.as_str()) {
                *name = Some(new.clone());
            }
        };
        match kind {
            "primary key" => to.primary_key.iter_mut().for_each(|key| set(&mut key.name)),
            "unique constraint" => to.uniques.to_mut().iter_mut().for_each(|it| set(&mut it.name)),
            "foreign key" => to.foreign_keys.to_mut().iter_mut().for_each(|it| set(&mut it.name)),
            "check" => to.checks.to_mut().iter_mut().for_each(|it| set(&mut it.name)),
            _ => to.indexes.to_mut().iter_mut().for_each(|it| set(&mut it.name)),
        }
    }
}

/// Each part of `to` with its like in `from`, and the parts of `from` that are left over.
///
/// One that is equal in name and meaning is found first, then one that is equal in meaning.
fn pairs(from: &Table, to: &Table, declared: &Schema) -> (Vec<(Part, Option<Part>)>, Vec<Part>) {
    let mut left: Vec<Part> = Part::all(from).collect();
    let mut pairs: Vec<(Part, Option<Part>)> = Part::all(to).map(|part| (part, None)).collect();
    for (part, like) in &mut pairs {
        *like = take(&mut left, |live| live == part);
    }
    // A name that the author gave does not take away a part that another one has by name.
    let open = |(_, like): &&mut (Part, Option<Part>)| like.is_none();
    for (part, like) in pairs.iter_mut().filter(open) {
        *like = take(&mut left, |live| {
            live.equals_but_for_name(part)
                && (declared.is_implied(to, part.name())
                    || Part::all(to).all(|other| other.name() != live.name()))
        });
    }
    (pairs, left)
}

fn take(parts: &mut Vec<Part>, mut is_it: impl FnMut(&Part) -> bool) -> Option<Part> {
    let index = parts.iter().position(&mut is_it)?;
    Some(parts.remove(index))
}
