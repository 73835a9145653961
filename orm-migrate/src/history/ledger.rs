//! [`Ledger`]: the table in the database that says which migrations it has had.

use super::folder::BACK;
use super::{HistoryError, Migration, Script, privileges};
use orm_core::exec::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The schema of all ledgers: what reads a catalog leaves it out.
const SCHEMA: &str = "orm_migrate";

/// The ledger of a project that names none.
const NAME: &str = "ledger";

// In each, `{ledger}` stands for the table, and `{name}` for its name without the schema.

const CREATE: &str = include_str!("ledger.sql");

// Asked first: IF NOT EXISTS demands CREATE on the database also where the schema is there.
const HAS_SCHEMA: &str = "SELECT to_regnamespace('orm_migrate') IS NOT NULL";

const CREATE_SCHEMA: &str = "CREATE SCHEMA orm_migrate";

// Not by to_regclass: that fails for a role that may not look into the schema.
const EXISTS: &str = "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'orm_migrate' AND c.relname = '{name}')";

/// Ledgers that were made before it was recorded what had begun.
const OUTDATED: &str = "SELECT NOT EXISTS (SELECT FROM pg_attribute \
    WHERE attrelid = '{ledger}'::regclass AND attname = 'started' AND NOT attisdropped)";

const UPDATED: &str = "ALTER TABLE {ledger} ADD COLUMN IF NOT EXISTS started text";

// By `to_jsonb`, so that a ledger without the column can be read by those who may not change it.
const READ: &str = "SELECT name, checksum, \
    to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
    (extract(epoch FROM duration) * 1000)::bigint, applied_by, tool_version, statements, statements_done, \
    to_jsonb(l) ->> 'started', kind, row_number() OVER (ORDER BY applied_at, name) \
    FROM {ledger} l ORDER BY name";

const RECORD: &str = "INSERT INTO {ledger} AS l \
    (name, checksum, duration, tool_version, kind, statements, statements_done, started) \
    VALUES ($1, $2, $3 * interval '1 millisecond', $4, $8, $5, $6, $7) \
    ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp(), \
    duration = l.duration + excluded.duration, applied_by = session_user, tool_version = excluded.tool_version, \
    statements = excluded.statements, statements_done = excluded.statements_done, \
    started = excluded.started";

/// Recorded without having run.
const MARK: &str = "INSERT INTO {ledger} \
    (name, checksum, duration, tool_version, kind, statements, statements_done) \
    VALUES ($1, $2, interval '0', $3, $4, $5, $5) \
    ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp(), \
    applied_by = session_user, tool_version = excluded.tool_version, kind = excluded.kind, \
    statements = excluded.statements, statements_done = excluded.statements_done, started = NULL";

/// When and by whom it was applied stays as it was: `down` undoes by that order.
const EDITED: &str = "UPDATE {ledger} SET checksum = $2, statements = $3, statements_done = $3 \
    WHERE name = $1";

const REMOVE: &str = "DELETE FROM {ledger} WHERE name = ANY ($1)";

const FORGET: &str = "WITH untouched AS (DELETE FROM {ledger} \
    WHERE name = $1 AND statements_done = 0 AND started IS NOT NULL) \
    UPDATE {ledger} SET started = NULL WHERE name = $1 AND statements_done > 0";

/// The ledger of a project in a database: a table of the schema `orm_migrate`.
///
/// ```
/// use orm_migrate::history::Ledger;
/// assert_eq!(Ledger::default().to_string(), "orm_migrate.ledger");
/// assert_eq!(Ledger::named("billing").unwrap().to_string(), "orm_migrate.billing");
/// assert!(Ledger::named("Billing; DROP").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ledger {
    name: String,
}

impl Default for Ledger {
    /// `orm_migrate.ledger`.
    fn default() -> Self {
        Self { name: NAME.to_owned() }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Letters, digits and underscores after a schema need no quotes, whatever word they are.
        write!(f, "{SCHEMA}.{}", self.name)
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
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

impl LedgerEntry {
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
    /// See [`LedgerEntry::checksum`].
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
    /// The ledger of that name: projects that share a database have one each.
    ///
    /// # Errors
    /// The name is not made of at most 63 small letters, digits and underscores; it begins with a digit, or ends like
    /// the name of an index.
    pub fn named(name: &str) -> Result<Self, HistoryError> {
        let is_name = (1..=63).contains(&name.len())
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            // The index of another ledger's primary key is called so.
            && !name.ends_with("_pkey");
        if !is_name {
            return Err(HistoryError::LedgerName { name: name.to_owned() });
        }
        Ok(Self { name: name.to_owned() })
    }

    /// Its name, without the schema.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The statement about this ledger.
    fn sql(&self, text: &str) -> String {
        text.replace("{ledger}", &self.to_string()).replace("{name}", &self.name)
    }

    /// What went wrong, with the name of the ledger.
    pub(crate) fn failed(
        &self,
        act: &'static str,
    ) -> impl FnOnce(orm_core::Error) -> HistoryError + use<> {
        let ledger = self.to_string();
        move |source| HistoryError::Ledger { act, ledger, source }
    }

    /// Makes the table, and the schema it is in, unless they are there.
    ///
    /// # Errors
    /// The role may not create a schema, or the connection is lost.
    pub async fn create(&self, connection: &Connection) -> Result<(), HistoryError> {
        if self.exists(connection).await? {
            if self.says(connection, OUTDATED).await? {
                let updated = connection.batch_execute(&self.sql(UPDATED)).await;
                self.or_explained(connection, "update", updated).await?;
            }
            return Ok(());
        }
        if !self.says(connection, HAS_SCHEMA).await? {
            let created = connection.batch_execute(CREATE_SCHEMA).await;
            self.or_explained(connection, "create", created).await?;
        }
        let created = connection.batch_execute(&self.sql(CREATE)).await;
        self.or_explained(connection, "create", created).await
    }

    /// What a database has had; nothing when it has no ledger.
    ///
    /// # Errors
    /// The role may not read it, or the connection is lost.
    pub async fn read(&self, connection: &Connection) -> Result<Vec<LedgerEntry>, HistoryError> {
        if !self.exists(connection).await? {
            return Ok(Vec::new());
        }
        let rows = connection.query::<orm_core::exec::DriverRow>(&self.sql(READ), &[]).await;
        let rows = self.or_explained(connection, "read", rows).await?;
        rows.iter()
            .map(|row| {
                Ok(LedgerEntry {
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
                let error = orm_core::Error::new(orm_core::ErrorKind::Conversion, message)
                    .with_source(error);
                self.failed("read")(error)
            })
    }

    /// Records a migration within the transaction that applies it. When it is a way back and all of it is done, the
    /// lines of both go: the migration may be applied again.
    ///
    /// # Errors
    /// The role may not write, or the connection is lost.
    pub async fn record(
        &self,
        tx: &Transaction<'_>,
        record: &Record<'_>,
    ) -> Result<(), HistoryError> {
        let undone = record.name.strip_suffix(BACK);
        if let Some(undone) = undone.filter(|_| record.statements_done >= record.statements) {
            return self.remove(tx, &[undone, record.name]).await.map(drop);
        }
        let milliseconds = record.duration.as_secs_f64() * 1000.0;
        let version = env!("CARGO_PKG_VERSION");
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        // A struct of numbers and texts: this cannot fail.
        let started = record.started.and_then(|started| serde_json::to_string(started).ok());
        tx.execute(
            &self.sql(RECORD),
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
        .map_err(self.failed("write"))
    }

    /// Records that the database has had a migration, without having run it.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn mark(
        &self,
        tx: &Transaction<'_>,
        migration: &Migration,
        kind: &str,
    ) -> Result<(), HistoryError> {
        let (checksum, version) = (migration.checksum(), env!("CARGO_PKG_VERSION"));
        tx.execute(
            &self.sql(MARK),
            &[&migration.name, &checksum, &version, &kind, &count(migration)],
        )
        .await
        .map(drop)
        .map_err(self.failed("write"))
    }

    /// Records the text of an applied migration as it is now.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn edited(
        &self,
        tx: &Transaction<'_>,
        migration: &Migration,
    ) -> Result<(), HistoryError> {
        let (checksum, count) = (migration.checksum(), count(migration));
        let done = tx.execute(&self.sql(EDITED), &[&migration.name, &checksum, &count]).await;
        done.map(drop).map_err(self.failed("write"))
    }

    /// Removes these lines; how many there were.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn remove(&self, tx: &Transaction<'_>, names: &[&str]) -> Result<u64, HistoryError> {
        tx.execute(&self.sql(REMOVE), &[&names]).await.map_err(self.failed("write"))
    }

    /// Takes back that a statement was begun: it failed, and has left nothing behind.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub async fn forget(&self, tx: &Transaction<'_>, name: &str) -> Result<(), HistoryError> {
        tx.execute(&self.sql(FORGET), &[&name]).await.map(drop).map_err(self.failed("write"))
    }

    async fn exists(&self, connection: &Connection) -> Result<bool, HistoryError> {
        self.says(connection, EXISTS).await
    }

    async fn says(&self, connection: &Connection, sql: &str) -> Result<bool, HistoryError> {
        let rows = connection.query::<orm_core::exec::DriverRow>(&self.sql(sql), &[]).await;
        let rows = self.or_explained(connection, "look for", rows).await?;
        Ok(rows.first().and_then(|row| row.try_get(0).ok()).unwrap_or(false))
    }

    async fn or_explained<T>(
        &self,
        connection: &Connection,
        act: &'static str,
        result: orm_core::Result<T>,
    ) -> Result<T, HistoryError> {
        match result {
            Ok(done) => Ok(done),
            Err(error) => Err(privileges::explained(connection, self, act, error).await),
        }
    }
}

fn count(migration: &Migration) -> i32 {
    let count = Script::parse(&migration.up).map_or(0, |script| script.statements().count());
    i32::try_from(count).unwrap_or(i32::MAX)
}
