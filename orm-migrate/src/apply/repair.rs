//! Corrects the ledger, and says what keeps `apply` from going on. Runs no migration.

use super::{ApplyError, Holder, lock};
use crate::history::{Ledger, LedgerEntry, Migration, Record, Script, checksum_of_done};
use crate::session;
use orm_core::exec::{Config, Connection};
use std::time::Duration;

/// Indexes that an interrupted `CREATE INDEX CONCURRENTLY` has left behind; those of partitioned tables may be
/// invalid until all parts are attached.
const INVALID: &str = "SELECT i.indexrelid::regclass::text FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
    WHERE NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1";

/// What becomes of a line of the ledger.
#[derive(Debug, Clone, Copy)]
pub enum Mend<'a> {
    /// The migration counts as applied, as its file is now: `baseline`, `by hand`, ..
    Mark(&'a Migration, &'static str),
    /// The file of an applied migration is recorded as it is now.
    Edited(&'a Migration),
    /// The statement that a run had begun when it broke off has come to its end.
    Ended(&'a Migration),
    /// The statement that a run had begun when it broke off runs once more.
    Again(&'a str),
    /// The line of that name goes.
    Remove(&'a str),
}

/// What is in the way, besides what the folder and the ledger say of each other.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// The session that holds the lock for migrations.
    pub holder: Option<Holder>,
    /// Indexes that are there and of no use.
    pub invalid_indexes: Vec<String>,
}

/// Mends what `choose` finds in the ledger, in one transaction, while nobody applies.
///
/// # Errors
/// Those of `choose`; the lock is not obtained in time; the role may not write the ledger.
pub async fn mend<'a, E: From<ApplyError>>(
    config: &Config,
    ledger: &Ledger,
    lock_wait: Duration,
    choose: impl FnOnce(&[LedgerEntry]) -> Result<Vec<Mend<'a>>, E>,
) -> Result<(), E> {
    let mut connection = lock::open(config).await?;
    lock::wait(&connection, lock_wait, &mut |_| {}).await?;
    ledger.create(&connection).await.map_err(ApplyError::History)?;
    let entries = ledger.read(&connection).await.map_err(ApplyError::History)?;
    let mends = choose(&entries)?;
    write(&mut connection, ledger, &mends, &entries).await?;
    // The lock goes with the session.
    connection.close().await;
    Ok(())
}

async fn write(
    connection: &mut Connection,
    ledger: &Ledger,
    mends: &[Mend<'_>],
    entries: &[LedgerEntry],
) -> Result<(), ApplyError> {
    let lost = |source| ledger.failed("write")(source);
    let tx = connection.begin().await.map_err(lost)?;
    for mend in mends {
        match mend {
            Mend::Mark(migration, kind) => ledger.mark(&tx, migration, kind).await?,
            Mend::Edited(migration) => ledger.edited(&tx, migration).await?,
            Mend::Ended(migration) => {
                let entry = entries.iter().find(|entry| entry.name == migration.name);
                if let Some(record) = entry.and_then(|entry| one_more(migration, entry)) {
                    ledger.record(&tx, &record).await?;
                }
            }
            Mend::Again(name) => ledger.forget(&tx, name).await?,
            Mend::Remove(name) => {
                ledger.remove(&tx, &[name]).await?;
            }
        }
    }
    Ok(tx.commit().await.map_err(lost)?)
}

/// What is recorded when one more statement is done.
fn one_more<'a>(migration: &'a Migration, entry: &LedgerEntry) -> Option<Record<'a>> {
    let statements = Script::parse(&migration.up).ok()?.statements().count();
    let statements_done = usize::try_from(entry.statements_done).ok()? + 1;
    let of_done = checksum_of_done(&migration.up, statements_done)?;
    Some(Record {
        name: &migration.name,
        checksum: if statements_done < statements { of_done } else { migration.checksum() },
        duration: Duration::ZERO,
        statements,
        statements_done,
        started: None,
    })
}

/// What is in the way. Changes nothing.
///
/// # Errors
/// The connection fails.
pub async fn trouble(config: &Config) -> Result<Trouble, ApplyError> {
    let connection = session::open(config).await.map_err(ApplyError::Session)?;
    let holder = lock::holder(&connection).await?;
    let rows = connection
        .query::<orm_core::exec::DriverRow>(INVALID, &[])
        .await
        .map_err(ApplyError::Session)?;
    let invalid_indexes = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
    connection.close().await;
    Ok(Trouble { holder, invalid_indexes })
}
