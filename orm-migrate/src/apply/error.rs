//! [`ApplyError`]: why a migration was not applied, and what of it was kept.

use super::Holder;
use crate::history::{Conflict, HistoryError, ScriptError, Statement};
use std::error::Error as _;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Why migrations were not applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The session could not be opened, or was lost.
    #[error("{}{}", .0, hint(.0))]
    Session(orm_core::Error),
    /// The folder or the ledger could not be used.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A file cannot be cut into statements; nothing ran.
    #[error("{}, {source}\n  nothing was applied", file.display())]
    Script {
        /// The file.
        file: PathBuf,
        /// Where and why.
        source: ScriptError,
    },
    /// The folder and the ledger contradict each other; nothing ran.
    #[error("the migrations folder and the database contradict each other:{}", list(.0))]
    Conflicts(Vec<Conflict>),
    /// Another `apply` holds the lock.
    #[error("another session applies migrations to this database: {}\n  waited {waited:.0?}\n  hint: wait for it, or raise --lock-wait", .holder.as_ref().map_or_else(|| "it ended just now".to_owned(), Holder::to_string))]
    Locked {
        /// Who.
        holder: Option<Holder>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A statement failed.
    #[error("{}: statement {number} of {count}, line {line}: {}\n  {kept}", file.display(), server_says(.source))]
    Statement {
        /// The file.
        file: PathBuf,
        /// The statement, from 1.
        number: usize,
        /// How many there are.
        count: usize,
        /// The line of the error, or else of the statement.
        line: usize,
        /// What the server said.
        source: orm_core::Error,
        /// What of the migration was kept.
        kept: Kept,
    },
    /// All statements ran, but the transaction could not be committed.
    #[error("{}: its statements ran, but could not be committed: {}\n  {kept}", file.display(), server_says(.source))]
    Commit {
        /// The file.
        file: PathBuf,
        /// What the server said.
        source: orm_core::Error,
        /// What of the migration was kept.
        kept: Kept,
    },
    /// A statement did not get its table lock, at every attempt.
    #[error("{}: statement {} at line {} did not get its table lock in {attempts} attempts\n  {kept}\n  hint: look for long transactions in pg_stat_activity, or raise --lock-timeout", file.display(), statement.number, statement.line)]
    LockTimeout {
        /// The file.
        file: PathBuf,
        /// The statement.
        statement: Box<Statement>,
        /// How often it was tried.
        attempts: u32,
        /// What of the migration was kept.
        kept: Kept,
    },
}

/// What of a migration that failed was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The database is as it was before the migration.
    Nothing,
    /// That many statements are done and recorded; the next `apply` goes on after them.
    Statements(usize),
}

impl Kept {
    pub(super) fn of(done: usize) -> Self {
        if done == 0 { Self::Nothing } else { Self::Statements(done) }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing of this migration was kept"),
            Self::Statements(done) => write!(
                f,
                "its first {done} statements are done and recorded; after a fix `orm-migrate apply` goes on after them"
            ),
        }
    }
}

/// PostgreSQL's own message, detail and hint: the hints of `orm_core` are for queries, not for migrations.
fn server_says(error: &orm_core::Error) -> String {
    let report = error.source().and_then(std::error::Error::source);
    let said = match report.filter(|_| error.sqlstate().is_some()) {
        Some(report) => report.to_string(),
        None => format!("{error}{}", hint(error)),
    };
    said.replace('\n', "\n  ")
}

fn hint(error: &orm_core::Error) -> String {
    error.hint_text().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default()
}

fn list(conflicts: &[Conflict]) -> String {
    conflicts.iter().map(|conflict| format!("\n- {conflict}")).collect()
}
