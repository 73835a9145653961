//! Runs the migrations that a database has not had: lock, compare, run each, record.
//!
//! A migration that is one transaction is kept with its line in the ledger, or not at all. Segments outside of
//! transactions are recorded statement by statement, so that a run that broke off goes on where it stopped.
//! Makes no SQL of its own but the ledger's and `SET`. Start at [`apply()`].

mod error;
mod lock;
mod run;

pub use error::{ApplyError, Kept};
pub use lock::Holder;

use crate::history::{Folder, Ledger, Migration, Script, compare};
use orm_core::exec::{Config, Connection};
use std::time::{Duration, Instant};

/// How to apply.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long to wait for another `apply` on the same database.
    pub lock_wait: Duration,
    /// How long one statement may wait for a table lock: while it waits, everybody behind it waits too.
    pub lock_timeout: Duration,
    /// How often a migration is tried that did not get its table locks.
    pub attempts: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_wait: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(3),
            attempts: 10,
        }
    }
}

/// One migration that was applied.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The migration.
    pub name: String,
    /// How many statements ran.
    pub statements: usize,
    /// How long it took.
    pub duration: Duration,
}

/// Applies what the database has not had, oldest first; `applied` is told of each that is done.
///
/// # Errors
/// See [`ApplyError`]. What was applied before the error stays applied.
pub async fn apply(
    config: &Config,
    folder: &Folder,
    options: &Options,
    mut applied: impl FnMut(&Applied),
) -> Result<Vec<Applied>, ApplyError> {
    let migrations = folder.read()?;
    let scripts = scripts(&migrations)?;
    let mut connection = Connection::open(config).await.map_err(ApplyError::Session)?;
    lock::wait(&connection, options.lock_wait).await?;
    Ledger::create(&connection).await?;
    let entries = Ledger::read(&connection).await?;
    let standing = compare(&migrations, &entries);
    if !standing.conflicts.is_empty() {
        return Err(ApplyError::Conflicts(standing.conflicts));
    }
    let mut finished = Vec::new();
    for (migration, script) in migrations.iter().zip(&scripts) {
        if !standing.pending.iter().any(|pending| pending.name == migration.name) {
            continue;
        }
        let partial = standing.partial.filter(|entry| entry.name == migration.name);
        let done = partial.map_or(0, |entry| usize::try_from(entry.statements_done).unwrap_or(0));
        let begun = Instant::now();
        run::migration(&mut connection, migration, script, done, options).await?;
        let now = Applied {
            name: migration.name.clone(),
            statements: script.statements().count() - done,
            duration: begun.elapsed(),
        };
        applied(&now);
        finished.push(now);
    }
    // The lock goes with the session.
    connection.close().await;
    Ok(finished)
}

/// All files are read before the first one runs.
fn scripts(migrations: &[Migration]) -> Result<Vec<Script>, ApplyError> {
    let read = |migration: &Migration| {
        Script::parse(&migration.up)
            .map_err(|source| ApplyError::Script { file: migration.up_path(), source })
    };
    migrations.iter().map(read).collect()
}
