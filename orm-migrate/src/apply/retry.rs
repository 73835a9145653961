//! [`Failed`]: why a statement or transaction failed, before it is known whether that may pass.

use super::deadline::Deadline;
use crate::history::{HistoryError, Statement};
use crate::locks::Exceeded;
use orm_core::ErrorKind;

/// Why it failed.
pub(super) enum Failed {
    Session(orm_core::Error),
    Ledger(HistoryError),
    Commit(orm_core::Error),
    /// No lock in time, or a deadlock: it may pass.
    Lock(Box<Statement>, orm_core::Error),
    /// There is no room for more locks.
    Locks(Box<Statement>, Exceeded),
    Lost(Box<Statement>, orm_core::Error),
    /// The time of the run was over.
    Late(Box<Statement>),
    /// An earlier run had begun it, and nothing shows whether it ended.
    Unknown(Box<Statement>),
    Statement(Box<Statement>, orm_core::Error),
}

impl Failed {
    pub(super) fn at(statement: &Statement, error: orm_core::Error) -> Self {
        let statement = Box::new(statement.clone());
        match error.kind() {
            ErrorKind::LockTimeout => Self::Lock(statement, error),
            _ if error.is_retryable() => Self::Lock(statement, error),
            ErrorKind::Closed => Self::Lost(statement, error),
            _ => Self::Statement(statement, error),
        }
    }

    /// A connection that is lost while the ledger is written is lost at a statement.
    pub(super) fn ledger(statement: Option<&Statement>, error: HistoryError) -> Self {
        match (statement, error) {
            (Some(statement), HistoryError::Ledger { source, .. })
                if source.kind() == ErrorKind::Closed =>
            {
                Self::at(statement, source)
            }
            (_, error) => Self::Ledger(error),
        }
    }

    /// A statement that the server stopped when the time was over was stopped by us.
    pub(super) fn by(self, deadline: Deadline) -> Self {
        match self {
            Self::Statement(statement, error)
                if error.kind() == ErrorKind::Cancelled && deadline.is_over() =>
            {
                Self::Late(statement)
            }
            other => other,
        }
    }
}

/// `VACUUM` and its like refuse a transaction block (25001); a procedure that commits cannot do so in one (2D000).
pub(super) fn needs_no_transaction(error: &orm_core::Error) -> bool {
    matches!(error.sqlstate(), Some("25001" | "2D000"))
}
