//! Advisory locks: locks that the application gives a meaning (manual, section 13.3.5).

use crate::error::{Error, ErrorKind, Result};
use crate::exec::run::{changed_of, rows_of};
use crate::exec::session::TypedParam;
use crate::exec::{Cache, Transaction};
use postgres_types::Type;

/// What an advisory lock is for: a number, or a text, which the server hashes to one.
///
/// Two texts can have one number, one pair in 2^64: then one waits for the other without need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryKey(Key);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Number(i64),
    Text(String),
}

impl From<i64> for AdvisoryKey {
    fn from(number: i64) -> Self {
        Self(Key::Number(number))
    }
}

impl From<&str> for AdvisoryKey {
    fn from(text: &str) -> Self {
        Self(Key::Text(text.to_owned()))
    }
}

impl From<String> for AdvisoryKey {
    fn from(text: String) -> Self {
        Self(Key::Text(text))
    }
}

impl AdvisoryKey {
    fn param(&self) -> TypedParam<'_> {
        match &self.0 {
            Key::Number(number) => (number, Type::INT8),
            Key::Text(text) => (text, Type::TEXT),
        }
    }

    /// A call of one of the two functions: for a number, and for a text.
    fn call(&self, [number, text]: [&'static str; 2]) -> &'static str {
        match self.0 {
            Key::Number(_) => number,
            Key::Text(_) => text,
        }
    }
}

/// The calls of a function with a number and with a text.
macro_rules! calls {
    ($function:literal) => {
        [
            concat!("SELECT pg_catalog.", $function, "($1)"),
            concat!("SELECT pg_catalog.", $function, "(pg_catalog.hashtextextended($1, 0))"),
        ]
    };
}

impl Transaction<'_> {
    /// Waits for the advisory lock with this key, and holds it until the transaction ends. No two transactions hold it at once.
    ///
    /// ```no_run
    /// # use orm_core::exec::Db;
    /// async fn send_invoices(db: &Db) -> orm_core::Result<()> {
    ///     let tx = db.begin().await?;
    ///     tx.advisory_lock("send invoices").await?;
    ///     // .. no other transaction is here ..
    ///     tx.commit().await
    /// }
    /// ```
    ///
    /// # Errors
    /// It was not obtained in `lock_timeout`; a deadlock; no connection.
    pub async fn advisory_lock(&self, key: impl Into<AdvisoryKey>) -> Result<()> {
        self.wait_for(&key.into(), calls!("pg_advisory_xact_lock")).await
    }

    /// As [`advisory_lock`](Self::advisory_lock), but any number of transactions can hold it at once in this way.
    ///
    /// # Errors
    /// As [`advisory_lock`](Self::advisory_lock).
    pub async fn advisory_lock_shared(&self, key: impl Into<AdvisoryKey>) -> Result<()> {
        self.wait_for(&key.into(), calls!("pg_advisory_xact_lock_shared")).await
    }

    /// Takes the advisory lock with this key if it is free, and says whether it was.
    ///
    /// # Errors
    /// No connection.
    pub async fn try_advisory_lock(&self, key: impl Into<AdvisoryKey>) -> Result<bool> {
        self.try_for(&key.into(), calls!("pg_try_advisory_xact_lock")).await
    }

    /// As [`try_advisory_lock`](Self::try_advisory_lock), but any number of transactions can hold it at once in this way.
    ///
    /// # Errors
    /// No connection.
    pub async fn try_advisory_lock_shared(&self, key: impl Into<AdvisoryKey>) -> Result<bool> {
        self.try_for(&key.into(), calls!("pg_try_advisory_xact_lock_shared")).await
    }

    async fn wait_for(&self, key: &AdvisoryKey, calls: [&'static str; 2]) -> Result<()> {
        // What it gives is of type `void`.
        changed_of(self, key.call(calls), &[key.param()], Cache::Named).await.map(drop)
    }

    async fn try_for(&self, key: &AdvisoryKey, calls: [&'static str; 2]) -> Result<bool> {
        let rows: Vec<bool> = rows_of(self, key.call(calls), &[key.param()], Cache::Named).await?;
        let none = || Error::new(ErrorKind::Database, "the server did not say whether it locked");
        rows.into_iter().next().ok_or_else(none)
    }
}
