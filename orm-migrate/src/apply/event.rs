//! [`Event`]: what happens while migrations are applied, told as it happens.

use super::{Applied, Blocker, Holder};
use crate::history::Statement;

/// Something that happened while migrations are applied.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The session is open.
    Connected {
        /// Its process on the server.
        pid: i32,
    },
    /// Another session applies migrations; it is waited for.
    Waiting {
        /// Who.
        holder: &'a Holder,
    },
    /// A migration begins, or goes on.
    Begun {
        /// The migration.
        name: &'a str,
        /// How many statements it has.
        statements: usize,
        /// How many of them are done.
        done: usize,
    },
    /// A statement begins; the one before it has ended.
    Statement {
        /// The migration.
        name: &'a str,
        /// The statement.
        statement: &'a Statement,
        /// How many the migration has.
        count: usize,
    },
    /// A statement with `-- orm:repeat` has run once more.
    Repeated {
        /// The statement.
        statement: &'a Statement,
        /// How many rows it has changed in all its runs.
        rows: u64,
    },
    /// A statement did not get its lock, or was in a deadlock; it is tried again after a pause.
    Retrying {
        /// The statement.
        statement: &'a Statement,
        /// Which attempt failed, from 1.
        attempt: u32,
        /// How many there are.
        attempts: u32,
        /// Who was in the way, where that is known: not of the first attempt.
        blockers: &'a [Blocker],
    },
    /// A run that broke off had brought this statement to its end already.
    AlreadyDone {
        /// The statement.
        statement: &'a Statement,
    },
    /// An invalid index that a failed run had left was dropped.
    IndexDropped {
        /// Its name, with its schema.
        name: &'a str,
    },
    /// A migration is done.
    Applied(&'a Applied),
}

/// Who is told.
pub(super) type Observe<'a> = dyn FnMut(&Event<'_>) + Send + 'a;
