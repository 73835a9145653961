//! [`Ledger`]: the table in the database that says which migrations it has had.

use super::HistoryError;
use orm_core::exec::{Connection, Transaction};
use std::time::Duration;

const CREATE: &str = include_str!("ledger.sql");

const EXISTS: &str = "SELECT to_regclass('orm_migrate.ledger') IS NOT NULL";

const READ: &str = "SELECT name, checksum, \
    to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
    (extract(epoch FROM duration) * 1000)::bigint, applied_by, tool_version, statements, statements_done \
    FROM orm_migrate.ledger ORDER BY name";

const RECORD: &str = "INSERT INTO orm_migrate.ledger AS l \
    (name, checksum, duration, tool_version, kind, statements, statements_done) \
    VALUES ($1, $2, $3 * interval '1 millisecond', $4, 'migration', $5, $6) \
    ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp(), \
    duration = l.duration + excluded.duration, applied_by = session_user, tool_version = excluded.tool_version, \
    statements = excluded.statements, statements_done = excluded.statements_done";

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
}

impl Entry {
    /// Whether statements are left.
    pub fn is_partial(&self) -> bool {
        self.statements_done < self.statements
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
}

impl Ledger {
    /// Makes the table unless it is there.
    ///
    /// # Errors
    /// The role may not create a schema, or the connection is lost.
    pub async fn create(connection: &Connection) -> Result<(), HistoryError> {
        if exists(connection).await? {
            return Ok(());
        }
        connection.batch(CREATE).await.map_err(failed("create"))
    }

    /// What a database has had; nothing when it has no ledger.
    ///
    /// # Errors
    /// The role may not read it, or the connection is lost.
    pub async fn read(connection: &Connection) -> Result<Vec<Entry>, HistoryError> {
        if !exists(connection).await? {
            return Ok(Vec::new());
        }
        let rows = connection.rows(READ, &[]).await.map_err(failed("read"))?;
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

    /// Records a migration within the transaction that applies it.
    ///
    /// # Errors
    /// The role may not write, or the connection is lost.
    pub async fn record(tx: &Transaction<'_>, record: &Record<'_>) -> Result<(), HistoryError> {
        let milliseconds = record.duration.as_secs_f64() * 1000.0;
        let version = env!("CARGO_PKG_VERSION");
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        tx.execute(
            RECORD,
            &[
                &record.name,
                &record.checksum,
                &milliseconds,
                &version,
                &count(record.statements),
                &count(record.statements_done),
            ],
        )
        .await
        .map(drop)
        .map_err(failed("write"))
    }
}

async fn exists(connection: &Connection) -> Result<bool, HistoryError> {
    let rows = connection.rows(EXISTS, &[]).await.map_err(failed("look for"))?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false))
}

fn failed(act: &'static str) -> impl FnOnce(orm_core::Error) -> HistoryError {
    move |source| HistoryError::Ledger { act, source }
}
