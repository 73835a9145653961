//! Which names change: what the code says of it, what follows, and what nobody has said. Pure.
//!
//! The names change before all else: the live schema is read again under its new names, by the server, and only then
//! compared. So a renamed table can also get a column in the same migration, and everything that names it follows.
//! [`pending`] has what the code says, [`parts`] the constraints and indexes that follow, [`questions`] what nobody has
//! said, [`Hints`] what flags and a file say.

mod declared;
mod dependent_names;
mod hint;
mod path;
mod question;
mod reverse;
#[cfg(test)]
mod tests;

pub use declared::pending;
pub use dependent_names::{parts, under_new_names};
pub use hint::{AnswerOrigin, HintError, Hints};
pub use path::{Path, Thing};
pub use question::{Question, questions};
pub use reverse::OldNames;

use crate::change::{BETWEEN, Change, ObjectName, Renaming, What};
use orm_core::schema::{Rename, Renamed};

/// Why what was said of names cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenameError {
    /// The old name and the new one are both there.
    #[error(
        "{kind} {to} is said to be renamed from {from}, and the database has both\nhint: move what {from} holds and drop it, or drop {to}; or take back `renamed_from` or --rename, if they are two"
    )]
    Both {
        /// What it is.
        kind: &'static str,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Two things come from one.
    #[error(
        "{kind} {first} and {kind} {second} are both declared as renamed from {from}\nhint: only one of them can be; the other one is new"
    )]
    Twice {
        /// What it is.
        kind: &'static str,
        /// The old name.
        from: String,
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// Names that are passed on in a circle, for as long as the code says so.
    #[error(
        "{kind} {first} and {kind} {second} are declared as renamed from each other: that would be done again each time\nhint: remove the `renamed_from` of both, and say it once with --rename"
    )]
    Circle {
        /// What it is.
        kind: &'static str,
        /// One of them.
        first: String,
        /// Another.
        second: String,
    },
}

/// What was asked of a person, as the code would say it: `new` was called `old`.
pub fn renamed(new: &Thing, old: &Thing) -> Rename {
    hint::rename(new, old)
}

/// The new and the old name of what a change renames; nothing of what only follows.
pub(crate) fn said(change: &Change) -> Option<(String, String)> {
    let What::Renamed(renaming) = &change.what else { return None };
    let place = change.name.clone();
    let thing = |of, place: &ObjectName, member: Option<&str>| {
        Thing { of, place: place.clone(), member: member.map(ToOwned::to_owned) }.to_string()
    };
    Some(match renaming {
        // It has the name that it had.
        Renaming::Extension { .. } => return None,
        Renaming::Table { to, .. } | Renaming::Object { to, .. } => {
            (thing(Renamed::Table, to, None), thing(Renamed::Table, &place, None))
        }
        Renaming::Column { from, to } => (
            thing(Renamed::Column, &place, Some(to)),
            thing(Renamed::Column, &place, Some(&from.name)),
        ),
        Renaming::Value { from, to } | Renaming::Attribute { from, to } => {
            (thing(Renamed::Value, &place, Some(to)), thing(Renamed::Value, &place, Some(from)))
        }
    })
}

/// The new and the old name that somebody said.
pub(crate) fn said_of(rename: &Rename) -> (String, String) {
    let member = rename.member.as_ref().map(ToString::to_string);
    let place = ObjectName { schema: rename.schema.to_string(), name: rename.name.to_string() };
    let from = rename.from.to_string();
    let old = match &member {
        Some(_) => Thing { of: rename.of, place: place.clone(), member: Some(from) },
        None => {
            let schema = rename.from_schema.as_ref().unwrap_or(&rename.schema).to_string();
            let place = ObjectName { schema, name: from };
            Thing { of: rename.of, place, member: None }
        }
    };
    (Thing { of: rename.of, place, member }.to_string(), old.to_string())
}

/// Pairs of an old name and a new one, in an order in which every new name is free: the old owner gives it up first, and
/// a circle is opened by a name in between.
fn in_order<T: Clone + PartialEq>(
    mut waiting: Vec<(T, T)>,
    between: impl Fn(&T, String) -> T,
) -> Vec<(T, T)> {
    let mut sorted = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |(_, to): &(T, T)| waiting.iter().all(|(from, _)| from != to);
        match waiting.iter().position(is_free) {
            Some(index) => sorted.push(waiting.remove(index)),
            None => {
                let (from, to) = waiting.remove(0);
                let name = between(&from, format!("{BETWEEN}{}", sorted.len()));
                sorted.push((from, name.clone()));
                waiting.push((name, to));
            }
        }
    }
    sorted
}
