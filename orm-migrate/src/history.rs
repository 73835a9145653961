//! The migrations on disk (the folder) and those a database has had (the ledger), compared.
//!
//! `script` cuts a file into statements, `folder` reads and writes the files, `embedded` has those in a program, `ledger`
//! is the table in the database, `compare` holds the two against each other, `branches` finds migrations that do not go
//! together by what they `touch`, `replaced` says what a squashed one stands for,
//! `beside` what no schema says of one. Runs nothing: that is `apply`. Start at [`compare()`].

mod branches;
mod compare;
mod declared;
mod embedded;
mod folder;
mod ledger;
mod privileges;
mod script;
mod squash;
mod stamp;
mod touched_objects;
mod unmodeled_statements;

pub use branches::Branches;
pub use compare::{Conflict, Standing, compare};
pub(crate) use compare::{checksum_of_done, checksums_of_done};
pub use declared::DeclaredHash;
pub use embedded::{Embedded, Origin, Outdated};
pub(crate) use folder::BACK;
pub use folder::{Draft, Folder, Migration, NameAnswer, PlanFile, PlannedHazard, PlannedStep};
pub use ledger::{Ledger, LedgerEntry, Record, Started};
pub(crate) use script::{EMPTY, written_or_marked};
pub use script::{Script, ScriptError, ScriptMode, Segment, Statement};
pub(crate) use squash::squashed_into;
pub use squash::{Replaced, unreplaced};
pub use stamp::{STAMP, is_stamp};
pub use touched_objects::Touches;
pub(crate) use touched_objects::names;
pub use unmodeled_statements::{Beside, beside};

use std::io;
use std::path::PathBuf;

/// Why the folder or the ledger could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// A file or folder could not be read or written.
    #[error("could not {act} {path}: {source}")]
    File {
        /// What was being done.
        act: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder whose name is not `<yyyymmddThhmmss>_<name>`.
    #[error(
        "{path} is not named like a migration\nhint: name it <yyyymmddThhmmss>_<name>, or move it out of the folder"
    )]
    Name {
        /// The folder.
        path: PathBuf,
    },
    /// A name that is not made of letters, digits and underscores.
    #[error(
        "`{name}` cannot name a migration\nhint: use letters, digits and underscores, such as add_slug"
    )]
    NewName {
        /// What was given.
        name: String,
    },
    /// A migration without `up.sql`.
    #[error("the migration {path} has no up.sql\nhint: restore the file, or remove the folder")]
    NoUp {
        /// The folder.
        path: PathBuf,
    },
    /// A `plan.json` that cannot be read.
    #[error("{path}: {message}")]
    Plan {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A name that no ledger can have.
    #[error(
        "`{name}` cannot name a ledger\nhint: use at most 63 small letters, digits and underscores, such as billing; it is a table of the schema orm_migrate"
    )]
    LedgerName {
        /// What was given.
        name: String,
    },
    /// The role lacks a right on the ledger.
    #[error(
        "could not {act} the ledger {ledger}: the role {} lacks the right: {source}\nhint: {grant}",
        orm_core::sql::ident::Ident(role)
    )]
    NoRight {
        /// What was being done.
        act: &'static str,
        /// The ledger, with its schema.
        ledger: String,
        /// The role that is connected.
        role: String,
        /// How it gets the right.
        grant: String,
        /// What the server said.
        source: orm_core::Error,
    },
    /// The ledger could not be read or written.
    #[error("could not {act} the ledger {ledger}: {source:#}")]
    Ledger {
        /// What was being done.
        act: &'static str,
        /// The ledger, with its schema.
        ledger: String,
        /// What the server said.
        source: orm_core::Error,
    },
}
