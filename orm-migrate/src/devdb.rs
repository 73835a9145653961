//! A private PostgreSQL from the binaries on the machine, for development, tests and examples.
//!
//! It lives in a folder of its own and ends with the process that started it, however that ends. Tests call
//! [`test_database`]; `orm-migrate dev` starts a [`Server`] whose data is kept. Needs no async runtime.

mod account;
mod binaries;
mod database;
mod server;

pub use binaries::Binaries;
pub use database::{TestDatabase, test_database, test_database_like};
pub use server::{Data, Server, kept_folder};

use std::io;
use std::path::PathBuf;

/// Why there is no PostgreSQL.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DevdbError {
    /// No binaries were found.
    #[error("no PostgreSQL server was found on this machine (looked at {looked_at})\nhint: {hint}")]
    NoBinaries {
        /// The places that were looked at.
        looked_at: String,
        /// How to get the binaries on this system.
        hint: String,
    },
    /// PostgreSQL refuses to run as root, and there is no other account to run it as.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has neither an account `postgres` nor `nobody`\nhint: create one, or run this as another user"
    )]
    NoAccount,
    /// The server's folder could not be prepared.
    #[error("could not prepare the folder {path} for PostgreSQL: {source}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// We are root, and the account that the server runs as may not enter a folder.
    #[error(
        "PostgreSQL refuses to run as root, and the account that it runs as may not enter {path}\nhint: give it a folder that others may enter, such as one below /var/lib"
    )]
    Closed {
        /// The folder or program.
        path: PathBuf,
    },
    /// A program could not be run.
    #[error("could not run {program}: {source}")]
    Program {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a database cluster in {data}: {output}")]
    Initdb {
        /// The data folder.
        data: PathBuf,
        /// What it printed.
        output: String,
    },
    /// The server did not start.
    #[error("PostgreSQL did not start in {data}; the end of its log:\n{log}")]
    Start {
        /// The data folder.
        data: PathBuf,
        /// The end of its log.
        log: String,
    },
    /// Another server runs on the data.
    #[error("a PostgreSQL server already runs on {data}")]
    AlreadyRunning {
        /// The data folder.
        data: PathBuf,
        /// Where it is reached.
        url: Option<String>,
    },
    /// A database could not be made.
    #[error("could not create the database \"{name}\": {source}")]
    Create {
        /// The database.
        name: String,
        /// What the server said.
        source: orm_core::Error,
    },
}
