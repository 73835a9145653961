//! A side of a comparison: the crate, a live database, the migrations replayed, or a file. Start at [`Side`].
//!
//! `reach` has what a side says, each in the words of one server; `replay` runs migrations on an empty database;
//! `file` is the format of `schema.json`; `filter` cuts both sides down to some schemas and tables.

mod file;
mod filter;
mod load;
mod missing_references;
mod replay;
mod replayed;
mod with_renames;

pub use file::{FORMAT, from_json, to_json};
pub use filter::Filter;
pub(crate) use filter::{named, on_table};
pub use load::{Both, SchemaSource, both, both_named, one};
pub use replay::{ReplayError, ReplayTo, replay, there_and_back};
pub use replayed::{ReplayedSchema, made};
pub use with_renames::RenamesAsked;

use crate::history::HistoryError;
use crate::rename::{HintError, RenameError};
use crate::scratch::ScratchError;
use std::fmt;
use std::path::PathBuf;

/// What can be compared.
#[derive(Clone, PartialEq, Eq)]
pub enum Side {
    /// The tables that the crate declares: `crate`.
    Crate,
    /// The database of `--database-url`, or of the environment: `database`.
    Target,
    /// Another database, by its URL.
    Url(String),
    /// The project's own migrations: `migrations`.
    Migrations,
    /// A folder of migrations, by its path.
    Folder(PathBuf),
    /// What `sql --json` has written, by its path.
    File(PathBuf),
}

/// Why a side cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SideError {
    /// It is none of the things that can be compared.
    #[error("{said} cannot be compared\nhint: {ALLOWED}")]
    Unknown {
        /// What was said, without what may be a password.
        said: String,
    },
    /// There is nothing at that path.
    #[error("there is no {what} {path}\nhint: {ALLOWED}")]
    Missing {
        /// `file` or `folder`.
        what: &'static str,
        /// The path.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("could not read {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file does not hold a schema that this version reads.
    #[error("{path}: {message}\nhint: `orm-migrate sql --json` writes such a file")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// Neither side has a server, and no other was named.
    #[error(
        "a PostgreSQL server must read what is compared, and none was named\nhint: name one with --scratch-url or --database-url, or set POSTGRES_URL"
    )]
    NoServer,
    /// A migration fails on an empty database.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The folder cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// What is said of names cannot be done.
    #[error(transparent)]
    Rename(#[from] RenameError),
    /// An answer is wrong or answers nothing.
    #[error(transparent)]
    Hint(#[from] HintError),
    /// The server does not accept what is declared, or nothing can be built there.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// The connection failed.
    #[error("{}{}", .0, .0.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default())]
    Database(#[from] orm_core::Error),
}

const ALLOWED: &str = "expected `crate`, `database`, `migrations`, a URL postgres://.., the path of a folder of migrations, or the path of a schema.json";

impl Side {
    /// Reads what a flag says.
    ///
    /// # Errors
    /// It is none of the things that can be compared, or there is nothing at the path.
    ///
    /// ```
    /// use orm_migrate::source::Side;
    /// assert_eq!(Side::parse("crate").unwrap(), Side::Crate);
    /// assert!(Side::parse("mysql://ada:secret@host/shop").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, SideError> {
        match text {
            "crate" => return Ok(Self::Crate),
            "database" => return Ok(Self::Target),
            "migrations" => return Ok(Self::Migrations),
            _ => {}
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Url(text.to_owned()));
        }
        if let Some((scheme, _)) = text.split_once("://") {
            // What follows may hold a password.
            return Err(SideError::Unknown { said: format!("a URL {scheme}://..") });
        }
        let path = PathBuf::from(text);
        if path.is_dir() {
            return Ok(Self::Folder(path));
        }
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
            if path.is_file() {
                return Ok(Self::File(path));
            }
            return Err(SideError::Missing { what: "file", path });
        }
        if text.contains('/') || path.exists() {
            return if path.exists() {
                Err(SideError::Unknown { said: format!("the file {text}") })
            } else {
                Err(SideError::Missing { what: "folder", path })
            };
        }
        // `password=..` of a connection string, perhaps.
        let said = if text.contains(['=', '@']) { "this".to_owned() } else { format!("`{text}`") };
        Err(SideError::Unknown { said })
    }
}

/// For people; without the password of a URL.
impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crate => f.write_str("the crate"),
            Self::Target => f.write_str("the database"),
            Self::Url(url) => f.write_str(&without_password(url)),
            Self::Migrations => f.write_str("the migrations"),
            Self::Folder(path) | Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Host and database: what stands between the last `@` and the parameters.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let place = rest.split_once('?').map_or(rest, |(place, _)| place);
    format!("{scheme}://{place}")
}

#[cfg(test)]
mod tests;
