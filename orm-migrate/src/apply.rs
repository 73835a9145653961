//! Runs the migrations that a database has not had: lock, compare, run each, record.
//!
//! A migration that is one transaction is kept with its line in the ledger, or not at all. Segments outside of
//! transactions are recorded statement by statement, so that a run that broke off goes on where it stopped: a statement
//! that the server can run in a transaction is committed together with its record, and of the few that it cannot
//! (`alone`) it is recorded that they begin, so that the next run can ask the catalog how far they came (`effect`).
//! Makes no SQL of its own but the ledger's, `SET`, and what clears away a failed index. Start at [`apply()`].

mod catalog_effect;
mod deadline;
mod down;
mod error;
mod event;
mod index_progress;
mod lock;
mod lock_holders;
mod non_transactional;
mod pending;
mod pooler;
mod repair;
mod retry;
mod run;
mod session_state;
mod words;

pub(crate) use catalog_effect::can_ask;
pub use down::{DownError, Rollback, Until, down, preview_down};
pub use error::{ApplyError, Committed, SourceLocation};
pub use event::Event;
pub use index_progress::IndexProgress;
pub use lock::Holder;
pub(crate) use lock::open;
pub use lock_holders::Blocker;
pub use pending::PendingMigration;
pub(crate) use pending::target;
pub use repair::{Mend, Trouble, mend, trouble};

use crate::history::{Folder, Ledger, LedgerEntry, Migration, Script, ScriptError};
use crate::session;
use deadline::Deadline;
use event::Observe;
use orm_core::exec::{Config, Connection};
use run::Session;
use std::time::{Duration, Instant};

/// How to apply.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long to wait for another `apply` on the same database.
    pub lock_wait: Duration,
    /// How long one statement may wait for a table lock: while it waits, everybody behind it waits too.
    pub lock_timeout: Duration,
    /// How long a statement with `CONCURRENTLY` may wait for older transactions: nobody waits behind it, and what it
    /// has done until then is lost when it gives up.
    pub concurrent_lock_timeout: Duration,
    /// How often a migration is tried that did not get its table locks.
    pub attempts: u32,
    /// How long to rest between two runs of a statement with `-- orm:repeat`.
    pub repeat_pause: Duration,
    /// The last migration to apply, by its name, its name without the time, or the beginning of either; all when none.
    pub to: Option<String>,
    /// The ledger. None stands for the one that the settings name beside migrations that are compiled into a program,
    /// and elsewhere for the usual one.
    pub ledger: Option<Ledger>,
    /// Whether a program refuses to apply the migrations that are compiled into it, where the folder that it was
    /// compiled from is on this machine and holds others by now.
    pub compare_folder: bool,
    /// How long all of it may take; what is not done by then is cancelled.
    pub timeout: Option<Duration>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_wait: Duration::from_secs(60),
            lock_timeout: Duration::from_secs(3),
            concurrent_lock_timeout: Duration::from_secs(600),
            attempts: 10,
            repeat_pause: Duration::from_millis(20),
            to: None,
            ledger: None,
            compare_folder: true,
            timeout: None,
        }
    }
}

impl Options {
    /// The ledger that is meant.
    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger.clone().unwrap_or_default()
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

/// How much longer than the timeout the server may take to say that it has stopped.
const GRACE: Duration = Duration::from_secs(5);

/// Applies what the database has not had, oldest first; `observe` is told what happens.
///
/// # Errors
/// See [`ApplyError`]. What was applied before the error stays applied.
pub async fn apply(
    config: &Config,
    folder: &Folder,
    options: &Options,
    observe: impl FnMut(&Event<'_>) + Send,
) -> Result<Vec<Applied>, ApplyError> {
    apply_all(config, &read(folder)?, options, observe).await
}

/// As [`apply()`], with migrations that come from elsewhere than a folder, oldest first.
///
/// # Errors
/// As [`apply()`].
pub async fn apply_all(
    config: &Config,
    migrations: &[Migration],
    options: &Options,
    mut observe: impl FnMut(&Event<'_>) + Send,
) -> Result<Vec<Applied>, ApplyError> {
    let deadline = Deadline::after(options.timeout);
    let work = within(config, migrations, options, deadline, &mut observe);
    let Some(left) = deadline.left() else { return work.await };
    // The server stops by itself; this is for one that does not answer.
    match tokio::time::timeout(left.saturating_add(GRACE), work).await {
        Ok(answer) => answer,
        Err(_) => Err(ApplyError::NoAnswer { limit: options.timeout.unwrap_or_default() }),
    }
}

/// What [`apply()`] would do. Takes no lock and changes nothing.
///
/// # Errors
/// As [`apply()`].
pub async fn preview<'a>(
    config: &Config,
    migrations: &'a [Migration],
    options: &Options,
) -> Result<Vec<PendingMigration<'a>>, ApplyError> {
    let connection = session::open(config).await.map_err(ApplyError::Session)?;
    let entries = options.ledger().read(&connection).await?;
    connection.close().await;
    pending::pending(migrations, &entries, options)
}

/// Waits until no other session changes this database, and has it for the time of this one, which [`open`] has opened.
///
/// # Errors
/// [`ApplyError::Locked`] when that takes too long.
pub(crate) async fn wait_for_others(
    connection: &Connection,
    limit: Duration,
) -> Result<(), ApplyError> {
    lock::wait(connection, limit, &mut |_| {}).await
}

/// The migrations of a folder that must be there.
///
/// # Errors
/// There is no folder, or it cannot be read.
pub fn read(folder: &Folder) -> Result<Vec<Migration>, ApplyError> {
    // Not `nothing to apply`: a folder that was not deployed would pass for a database that is up to date.
    match std::fs::metadata(folder.path()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(ApplyError::NoFolder(folder.path().to_owned()))
        }
        _ => Ok(folder.read()?),
    }
}

/// # Errors
/// A run of the script that breaks off could not go on: see [`effect`] and [`session_state`].
pub(crate) fn runnable(script: &Script) -> Result<(), ScriptError> {
    catalog_effect::refuse(script).and_then(|()| session_state::refuse(script))
}

async fn within(
    config: &Config,
    migrations: &[Migration],
    options: &Options,
    deadline: Deadline,
    observe: &mut Observe<'_>,
) -> Result<Vec<Applied>, ApplyError> {
    let mut connection = lock::open(config).await?;
    let pid = pid(&connection).await.map_err(ApplyError::Session)?;
    observe(&Event::Connected { pid });
    lock::wait(&connection, deadline.at_most(options.lock_wait), observe).await?;
    let ledger = options.ledger();
    ledger.create(&connection).await?;
    let entries: Vec<LedgerEntry> = ledger.read(&connection).await?;
    let pending = pending::pending(migrations, &entries, options)?;
    let mut finished = Vec::new();
    let mut rest = pending.iter();
    while let Some(one) = rest.next() {
        let begun = Instant::now();
        let later = rest.clone().map(|later| later.migration.name.clone()).collect();
        let session = Session { connection: &mut connection, config, pid, options, deadline };
        run::migration(session, one, later, observe).await?;
        let now = Applied {
            name: one.migration.name.clone(),
            statements: one.script.statements().count() - one.done,
            duration: begun.elapsed(),
        };
        observe(&Event::Applied(&now));
        finished.push(now);
    }
    // The lock goes with the session.
    connection.close().await;
    Ok(finished)
}

async fn pid(connection: &Connection) -> orm_core::Result<i32> {
    let rows =
        connection.query::<orm_core::exec::DriverRow>("SELECT pg_backend_pid()", &[]).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or_default())
}
