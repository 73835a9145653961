//! Which names change: what the code says of it, what follows, and what nobody has said. Pure.
//!
//! The names change before all else: the live schema is read again under its new names, by the server, and only then
//! compared. So a renamed table can also get a column in the same migration, and everything that names it follows.
//! [`pending`] has what the code says, [`parts`] the constraints and indexes that follow.

mod follow;
mod pending;

pub use follow::{parts, under_new_names};
pub use pending::pending;

use crate::change::BETWEEN;

/// Why what was said of names cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenameError {
    /// The old name and the new one are both there.
    #[error(
        "{kind} {to} is declared as renamed from {from}, and the database has both\nhint: move what {from} holds and drop it, or drop {to}; or remove the `renamed_from`, if they are two"
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
