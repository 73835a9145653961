//! [`ApplyError`]: why a migration was not applied, and what of it was kept.

mod location;

pub use location::SourceLocation;

use super::{Blocker, Holder};
use crate::history::{Conflict, HistoryError, Outdated, STAMP, ScriptError};
use crate::locks::Exceeded;
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
    /// A file has no statement, and does not say that this is on purpose; nothing ran.
    #[error("{} has no statement\n  nothing was applied\n  hint: write the SQL into it: filled in after it was applied, it would never run; where nothing is to be done, a line `-- {}` says so", file.display(), crate::history::EMPTY)]
    Unwritten {
        /// The file.
        file: PathBuf,
    },
    /// The program was compiled before its folder of migrations changed; nothing ran.
    #[error("{}\n  nothing was applied\n  hint: {}", .0, build(.0))]
    Outdated(Outdated),
    /// The settings that were compiled into the program cannot be used.
    #[error("the settings in this program: {0}")]
    Settings(String),
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
    /// The connection goes through a pooler that gives each transaction another session of the server.
    #[error(
        "the connection goes through a pooler in transaction mode: it gives each transaction another session of the server, so the lock that lets one session at a time change the database would not hold\n  nothing was changed\n  hint: give the URL of the server itself, or of a pool in session mode (PgBouncer: pool_mode = session for that database)"
    )]
    Pooler,
    /// There is no migrations folder.
    #[error("there is no migrations folder {}\n  hint: `orm-migrate init` makes one, --migrations names another", .0.display())]
    NoFolder(PathBuf),
    /// No migration is called so, or several are.
    #[error("{}", target(.given, .found))]
    Target {
        /// What was given.
        given: String,
        /// Those that it may mean.
        found: Vec<String>,
    },
    /// A statement failed.
    #[error("{place}: {}{}\n  {kept}", server_says(.source), .place.excerpt())]
    Statement {
        /// Where.
        place: Box<SourceLocation>,
        /// What the server said.
        source: orm_core::Error,
        /// What of the migration was kept.
        kept: Committed,
    },
    /// All statements ran, but the transaction could not be committed.
    #[error("{}: its statements ran, but could not be committed: {}\n  {kept}", file.display(), server_says(.source))]
    Commit {
        /// The file.
        file: PathBuf,
        /// What the server said.
        source: orm_core::Error,
        /// What of the migration was kept.
        kept: Committed,
    },
    /// A statement did not get its lock on a table or another object, at every attempt.
    #[error("{place} did not get its lock in {}{}{}\n  {kept}\n  hint: {}", times(*.attempts), .place.excerpt(), in_the_way(.blockers), lock_hint(.blockers))]
    LockTimeout {
        /// Where.
        place: Box<SourceLocation>,
        /// How often it was tried.
        attempts: u32,
        /// Who was in the way of the last attempt, where that is known.
        blockers: Vec<Blocker>,
        /// What of the migration was kept.
        kept: Committed,
    },
    /// The transaction takes more locks than the server has room for; it was stopped before other sessions get none.
    #[error("{place} was not begun: {}{}\n  {kept}", source.to_string().replace('\n', "\n  "), .place.excerpt())]
    Locks {
        /// Where.
        place: Box<SourceLocation>,
        /// How many there is room for, and which setting it needs.
        source: Exceeded,
        /// What of the migration was kept.
        kept: Committed,
    },
    /// An earlier run that broke off had begun a statement, and nothing shows whether it came to its end.
    #[error("{place}: a run that broke off had begun it, and nothing shows whether it came to its end{}\n  {kept}\n  hint: look what it has done; then `orm-migrate repair --done {migration}` if it ended, or `orm-migrate repair --again {migration}` to run it once more", .place.excerpt())]
    Unknown {
        /// Where.
        place: Box<SourceLocation>,
        /// The migration.
        migration: String,
        /// What of the migration was kept.
        kept: Committed,
    },
    /// The connection was lost, and with it the answer.
    #[error("{place}: {}\n  what was committed until then is kept and recorded\n  hint: run it again: it asks the database how far this run came, and goes on there", server_says(.source))]
    Lost {
        /// Where.
        place: Box<SourceLocation>,
        /// What the server said, or the driver.
        source: orm_core::Error,
        /// What of the migration is known to be kept.
        kept: Committed,
    },
    /// The time was over.
    #[error("{place} was stopped: the time of {limit:?} is over{}\n  {kept}{}\n  hint: run it again, with a longer --timeout: it goes on there", .place.excerpt(), not_begun(.later))]
    Late {
        /// Where.
        place: Box<SourceLocation>,
        /// The time.
        limit: Duration,
        /// What of the migration was kept.
        kept: Committed,
        /// The migrations that did not begin.
        later: Vec<String>,
    },
    /// The time was over, and the server did not answer.
    #[error(
        "the server gave no answer in the time of {limit:?}, nor shortly after\n  what was committed until then is kept and recorded; the server may still be at a statement\n  hint: run it again when the server answers: it asks how far this run came, and goes on there"
    )]
    NoAnswer {
        /// The time.
        limit: Duration,
    },
}

impl ApplyError {
    /// Where in which file, when it is about a statement.
    pub fn place(&self) -> Option<&SourceLocation> {
        match self {
            Self::Statement { place, .. }
            | Self::LockTimeout { place, .. }
            | Self::Locks { place, .. }
            | Self::Unknown { place, .. }
            | Self::Lost { place, .. }
            | Self::Late { place, .. } => Some(place),
            _ => None,
        }
    }

    /// What the server reported, or the driver.
    pub fn reported(&self) -> Option<&orm_core::Error> {
        match self {
            Self::Session(source)
            | Self::Statement { source, .. }
            | Self::Commit { source, .. }
            | Self::Lost { source, .. }
            | Self::History(HistoryError::Ledger { source, .. }) => Some(source),
            _ => None,
        }
    }

    /// What of the migration was kept, when it is about one.
    pub fn kept(&self) -> Option<Committed> {
        match self {
            Self::Statement { kept, .. }
            | Self::Commit { kept, .. }
            | Self::LockTimeout { kept, .. }
            | Self::Locks { kept, .. }
            | Self::Unknown { kept, .. }
            | Self::Lost { kept, .. }
            | Self::Late { kept, .. } => Some(*kept),
            _ => None,
        }
    }
}

/// What of a migration that failed was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// The database is as it was before the migration.
    Nothing,
    /// That many statements are done and recorded; the next `apply` goes on after them.
    Statements(usize),
}

impl Committed {
    pub(super) fn of(done: usize) -> Self {
        if done == 0 { Self::Nothing } else { Self::Statements(done) }
    }
}

impl fmt::Display for Committed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing of this migration was kept"),
            Self::Statements(done) => write!(
                f,
                "{} done and recorded; after a fix `orm-migrate apply` goes on after {}",
                if *done == 1 {
                    "its first statement is".to_owned()
                } else {
                    format!("its first {done} statements are")
                },
                if *done == 1 { "it" } else { "them" }
            ),
        }
    }
}

/// The server's own words, and what it cannot know.
fn server_says(error: &orm_core::Error) -> String {
    let mut said = crate::server_message::server_says(error);
    let is_of_locks = |hint: &str| hint.contains("max_locks_per_transaction");
    if error.sqlstate() == Some("53200") && error.hint().is_some_and(is_of_locks) {
        said += "\nhint: or divide the migration: `-- orm:segment transaction` begins a new transaction";
    }
    if let Some(advice) = error.sqlstate().and_then(advice) {
        said += &format!("\nhint: {advice}");
    } else if said.starts_with("unrecognized parameter \"pg_attver\"") {
        said += &format!("\nhint: {STAMP}");
    }
    said.replace('\n', "\n  ")
}

/// What the server cannot know: how a migration is cut into transactions.
fn advice(sqlstate: &str) -> Option<&'static str> {
    match sqlstate {
        "25001" => Some(
            "put it below a line `-- orm:segment autocommit`: what stands there runs without a transaction around it",
        ),
        // A new value of an enum.
        "55P04" => Some(
            "put a line `-- orm:segment transaction` above this statement: what stands above it is committed then",
        ),
        _ => None,
    }
}

fn build(outdated: &Outdated) -> String {
    format!(
        "build the program again; where Cargo does not see that there is something to build, the crate needs a build.rs \
         with `fn main() {{ println!(\"cargo::rerun-if-changed={}\"); }}`",
        outdated.named
    )
}

fn hint(error: &orm_core::Error) -> String {
    error.hint().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default()
}

fn times(attempts: u32) -> String {
    if attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") }
}

fn in_the_way(blockers: &[Blocker]) -> String {
    blockers.iter().map(|blocker| format!("\n  in the way: {blocker}")).collect()
}

fn lock_hint(blockers: &[Blocker]) -> String {
    let end = match blockers.first() {
        Some(blocker) => {
            format!("wait until it is done, or SELECT pg_terminate_backend({})", blocker.pid)
        }
        None => "look for long transactions in pg_stat_activity".to_owned(),
    };
    format!("{end}; --lock-timeout lets each attempt wait longer, and everybody behind it")
}

fn not_begun(later: &[String]) -> String {
    match later {
        [] => String::new(),
        later => format!("\n  not begun: {}", later.join(", ")),
    }
}

fn target(given: &str, found: &[String]) -> String {
    match found {
        [] => format!(
            "no migration is called `{given}`\n  hint: `orm-migrate status` lists them; the name without the time is \
             enough, or the beginning of either"
        ),
        found => format!(
            "`{given}` may be any of {}\n  hint: write enough of the name that only one is meant",
            found.join(", ")
        ),
    }
}

fn list(conflicts: &[Conflict]) -> String {
    conflicts.iter().map(|conflict| format!("\n- {conflict}")).collect()
}
