//! [`Ledger`]: the table in the database that says which migrations it has had.

use super::folder::BACK;
use super::{HistoryError, Migration, Script, rights};
use orm_core::exec::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const CREATE: &str = include_str!("ledger.sql");

const EXISTS: &str = "SELECT to_regclass('orm_migrate.ledger') IS NOT NULL";

/// Ledgers that were made before it was recorded what had begun.
const OUTDATED: &str = "SELECT NOT EXISTS (SELECT FROM pg_attribute \
    WHERE attrelid = 'orm_migrate.ledger'::regclass AND attname = 'started' AND NOT attisdropped)";

const UPDATED: &str = "ALTER TABLE orm_migrate.ledger ADD COLUMN IF NOT EXISTS started text";

// By `to_jsonb`, so that a ledger without the column can be read by those who may not change it.
const READ: &str = "SELECT name, checksum, \
    to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
    (extract(epoch FROM duration) * 1000)::bigint, applied_by, tool_version, statements, statements_done, \
    to_jsonb(l) ->> 'started', kind, row_number() OVER (ORDER BY applied_at, name) \
    FROM orm_migrate.ledger l ORDER BY name";

const RECORD: &str = "INSERT INTO orm_migrate.ledger AS l \
    (name, checksum, duration, tool_version, kind, statements, statements_done, started) \
    VALUES ($1, $2, $3 * interval '1 millisecond', $4, $8, $5, $6, $7) \
    ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp(), \
    duration = l.duration + excluded.duration, applied_by = session_user, tool_version = excluded.tool_version, \
    statements = excluded.statements, statements_done = excluded.statements_done, \
    started = excluded.started";

/// Recorded without having run.
const MARK: &str = "INSERT INTO orm_migrate.ledger \
    (name, checksum, duration, tool_version, kind, statements, statements_done) \
    VALUES ($1, $2, interval '0', $3, $4, $5, $5) \
    ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp(), \
    applied_by = session_user, tool_version = excluded.tool_version, kind = excluded.kind, \
    statements = excluded.statements, statements_done = excluded.statements_done, started = NULL";

/// When and by whom it was applied stays as it was: `down` undoes by that order.
const EDITED: &str = "UPDATE orm_migrate.ledger SET checksum = $2, statements = $3, statements_done = $3 \
    WHERE name = $1";

const REMOVE: &str = "DELETE FROM orm_migrate.ledger WHERE name = ANY ($1)";

const FORGET: &str = "WITH untouched AS (DELETE FROM orm_migrate.ledger \
    WHERE name = $1 AND statements_done = 0 AND started IS NOT NULL) \
    UPDATE orm_migrate.ledger SET started = NULL WHERE name = $1 AND statements_done > 0";

/// The ledger of a database.
#[derive(Debug, Clone, Copy)]
pub struct Ledger;

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The migration.
    pub name: String,
    /// SHA-256 of `up.sql` as it was; when applied in part, of the statements that are done.
    pub checksum: String,
    /// When it was applied, in UTC.
    pub applied_at: String,
    /// How long it took.
    pub duration: Duration,
    /// The role that applied it.
    pub applied_by: String,
    /// The version of `orm-migrate`.
    pub tool_version: String,
    /// How many statements it had.
    pub statements: i32,
    /// How many of them are done.
    pub statements_done: i32,
    /// The statement outside of transactions that was begun and is not known to have ended.
    pub started: Option<Started>,
    /// How it came to be there: `migration`, or `down` while one is undone, `baseline`, `squash`, `by hand`.
    pub kind: String,
    /// Its place among all lines, by the time, from 1.
    pub place: i64,
}

/// A statement outside of transactions that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Its place among the statements of the migration, from 1.
    pub statement: usize,
    /// Its text.
    pub text: String,
    /// The object identifier of what was there before: the index of that name, the partition that was attached.
    pub found: Option<i64>,
}

impl Entry {
    /// Whether statements are left.
    pub fn is_partial(&self) -> bool {
        self.statements_done < self.statements
    }

    /// The migration that is undone in part, when the line is about that.
    pub fn undoes(&self) -> Option<&str> {
        self.name.strip_suffix(BACK)
    }
}

/// What is recorded of a migration.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// The migration.
    pub name: &'a str,
    /// See [`Entry::checksum`].
    pub checksum: String,
    /// How long it took, since the last record of it.
    pub duration: Duration,
    /// How many statements it has.
    pub statements: usize,
    /// How many of them are done.
    pub statements_done: usize,
    /// The statement outside of transactions that is about to begin: whoever finds this later asks the catalog how
    /// far it came.
    pub started: Option<&'a Started>,
}

impl Ledger {
    /// Makes the table unless it is there.
    ///
    /// # Errors
    /// The role may not create a schema, or the connection is lost.
    pub async fn create(connection: &Connection) -> Result<(), HistoryError> {
        if exists(connection).await? {
            if says(connection, OUTDATED).await? {
                or_explained(connection, "update", connection.batch(UPDATED).await).await?;
            }
            return Ok(());
        }
        or_explained(connection, "create", connection.batch(CREATE).await).await
    }

    /// What a database has had; nothing when it has no ledger.
    ///
    /// # Errors
    /// The role may not read it, or the connection is lost.
    pub async fn read(connection: &Connection) -> Result<Vec<Entry>, HistoryError> {
        if !exists(connection).await? {
            return Ok(Vec::new());
        }
        let rows = or_explained(connection, "read", connection.rows(READ, &[]).await).await?;
        rows.iter()
            .map(|row| {
                Ok(Entry {
                    name: row.try_get(0)?,
                    checksum: row.try_get(1)?,
                    applied_at: row.try_get(2)?,
                    duration: Duration::from_millis(
                        u64::try_from(row.try_get::<_, i64>(3)?).unwrap_or(0),
                    ),
                    applied_by: row.try_get(4)?,
                    tool_version: row.try_get(5)?,
                    statements: row.try_get(6)?,
                    statements_done: row.try_get(7)?,
                    started: row
                        .try_get::<_, Option<&str>>(8)?
                        .map(serde_json::from_str)
                        .transpose()?,
                    kind: row.try_get(9)?,
                    place: row.try_get(10)?,
                })
            })
            .collect::<Result<_, Box<dyn std::error::Error + Send + Sync>>>()
            .map_err(|error| {
                let message = "it has other columns than this version of orm-migrate expects";
                let error =
                    orm_core::Error::new(orm_core::ErrorKind::Conversion, message).because(error);
                failed("read")(error)
            })
    }

    /// Records a migration within the transaction that applies it. When it is a way back and all of it is done, the
    /// lines of both go: the migration may be applied again.
    ///
    /// # Errors
    /// The role may not write, or the connection is lost.
    pub async fn record(tx: &Transaction<'_>, record: &Record<'_>) -> Result<(), HistoryError> {
        let undone = record.name.strip_suffix(BACK);
        if let Some(undone) = undone.filter(|_| record.statements_done >= record.statements) {
            return Self::remove(tx, &[undone, record.name]).await.map(drop);
        }
        let milliseconds = record.duration.as_secs_f64() * 1000.0;
        let version = env!("CARGO_PKG_VERSION");
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        // A struct of numbers and texts: this cannot fail.
        let started = record.started.and_then(|started| serde_json::to_string(started).ok());
        tx.execute(
            RECORD,
            &[
                &record.name,
                &record.checksum,
                &milliseconds,
                &version,
                &count(record.statements),
                &count(record.statements_done),
                &started,
                &if undone.is_some() { "down" } else { "migration" },
            ],
        )
        .await
        .map(drop)
        .map_err(failed("write"))
    }

    /// Records that the database has had a migration, without having run it.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn mark(
        tx: &Transaction<'_>,
        migration: &Migration,
        kind: &str,
    ) -> Result<(), HistoryError> {
        let (checksum, version) = (migration.checksum(), env!("CARGO_PKG_VERSION"));
        tx.execute(MARK, &[&migration.name, &checksum, &version, &kind, &count(migration)])
            .await
            .map(drop)
            .map_err(failed("write"))
    }

    /// Records the text of an applied migration as it is now.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn edited(tx: &Transaction<'_>, migration: &Migration) -> Result<(), HistoryError> {
        let (checksum, count) = (migration.checksum(), count(migration));
        let done = tx.execute(EDITED, &[&migration.name, &checksum, &count]).await;
        done.map(drop).map_err(failed("write"))
    }

    /// Removes these lines; how many there were.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn remove(tx: &Transaction<'_>, names: &[&str]) -> Result<u64, HistoryError> {
        tx.execute(REMOVE, &[&names]).await.map_err(failed("write"))
    }

    /// Takes back that a statement was begun: it failed, and has left nothing behind.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn forget(tx: &Transaction<'_>, name: &str) -> Result<(), HistoryError> {
        tx.execute(FORGET, &[&name]).await.map(drop).map_err(failed("write"))
    }
}

fn count(migration: &Migration) -> i32 {
    let count = Script::parse(&migration.up).map_or(0, |script| script.statements().count());
    i32::try_from(count).unwrap_or(i32::MAX)
}

async fn exists(connection: &Connection) -> Result<bool, HistoryError> {
    says(connection, EXISTS).await
}

async fn says(connection: &Connection, sql: &str) -> Result<bool, HistoryError> {
    let rows = or_explained(connection, "look for", connection.rows(sql, &[]).await).await?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false))
}

async fn or_explained<T>(
    connection: &Connection,
    act: &'static str,
    result: orm_core::Result<T>,
) -> Result<T, HistoryError> {
    match result {
        Ok(done) => Ok(done),
        Err(error) => Err(rights::explained(connection, act, error).await),
    }
}

fn failed(act: &'static str) -> impl FnOnce(orm_core::Error) -> HistoryError {
    move |source| HistoryError::Ledger { act, source }
}
