//! [`Transaction`]: all or nothing. Committed by [`Transaction::commit`], rolled back by everything else.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::executor::Lease;
use crate::exec::{Db, Session};
use std::fmt::Write as _;
use std::sync::Arc;

/// How far a transaction is kept apart from others (manual, section 13.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it began: the server's default.
    ReadCommitted,
    /// All statements see what was committed before the first of them.
    RepeatableRead,
    /// As if the transactions ran one after the other; may fail with [`ErrorKind::SerializationFailure`].
    Serializable,
}

/// How a transaction begins (manual, `SET TRANSACTION`). The default is the server's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TransactionOptions {
    isolation: Option<Isolation>,
    access: Option<&'static str>,
    deferrable: bool,
}

impl TransactionOptions {
    /// The options that say nothing: the server's defaults hold.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the transaction that far apart from others.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// Refuses statements that write.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.access = Some("READ ONLY");
        self
    }

    /// Allows statements that write, also where the session's default does not.
    #[must_use]
    pub fn read_write(mut self) -> Self {
        self.access = Some("READ WRITE");
        self
    }

    /// Waits for a snapshot that cannot fail; only for serializable, read-only transactions.
    #[must_use]
    pub fn deferrable(mut self) -> Self {
        self.deferrable = true;
        self
    }

    fn begin(self) -> String {
        let mut sql = String::from("BEGIN");
        let isolation = self.isolation.map(|isolation| match isolation {
            Isolation::ReadCommitted => "ISOLATION LEVEL READ COMMITTED",
            Isolation::RepeatableRead => "ISOLATION LEVEL REPEATABLE READ",
            Isolation::Serializable => "ISOLATION LEVEL SERIALIZABLE",
        });
        let modes = [isolation, self.access, self.deferrable.then_some("DEFERRABLE")];
        for (index, mode) in modes.into_iter().flatten().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(sql, "{}{mode}", if index == 0 { " " } else { ", " });
        }
        sql
    }
}

/// A transaction, or one within another (a savepoint).
///
/// Dropped without [`commit`](Self::commit), it is rolled back, also when its future is cancelled.
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction<'a> {
    lease: Lease<'a>,
    depth: u32,
    finished: bool,
}

impl<'a> Transaction<'a> {
    /// Begins on that session, within that many transactions: a transaction, or a savepoint in another one.
    pub(crate) async fn begin_on(
        lease: Lease<'a>,
        outer: u32,
        options: TransactionOptions,
    ) -> Result<Self> {
        let depth = outer + 1;
        let forgotten = forgotten(&lease, outer);
        // The guard comes first: should this future be dropped while BEGIN is under way, it sends the ROLLBACK.
        lease.state.set_depth(depth);
        let mut transaction = Self { lease, depth, finished: false };
        let begun = match depth {
            1 => transaction.lease.control(&format!("{forgotten}{}", options.begin())).await,
            _ => transaction.lease.control(&format!("{forgotten}SAVEPOINT orm_{depth}")).await,
        };
        if begun.is_err() {
            // Whatever of it has run is undone before another user gets the session.
            transaction.lease.state.mark();
            transaction.finish();
        }
        begun.map(|()| transaction)
    }

    /// Makes everything permanent; of a nested transaction, as far as the outer one allows.
    ///
    /// # Errors
    /// A deferred constraint does not hold, or two serializable transactions collide. Also when a statement
    /// failed before and its error was passed over (the server would then roll back on `COMMIT` without an error), or
    /// when SQL by hand has ended the transaction.
    pub async fn commit(mut self) -> Result<()> {
        let forgotten = forgotten(&self.lease, self.depth);
        let committed = match self.depth {
            // SQL by hand may have ended the transaction: unlike COMMIT, SAVEPOINT is an error then.
            1 if self.lease.state.is_marked() => {
                self.lease.control(&format!("{forgotten}SAVEPOINT orm_end; COMMIT")).await
            }
            // Where a statement has failed, COMMIT succeeds and rolls back; the empty SELECT makes it an error (25P02).
            1 => self.lease.control(&format!("{forgotten}SELECT; COMMIT")).await,
            depth => self.lease.control(&format!("{forgotten}RELEASE SAVEPOINT orm_{depth}")).await,
        };
        match committed {
            Ok(()) => {
                self.finish();
                Ok(())
            }
            Err(error) => {
                let lost = self.roll_back().await.is_err();
                Err(match error.sqlstate() {
                    Some("25P02") if !lost => failed_before(error),
                    Some("25P01") if !lost => ended_before(error),
                    _ => error,
                })
            }
        }
    }

    /// Undoes everything since it began.
    ///
    /// # Errors
    /// The connection is lost; the server rolls back by itself then.
    pub async fn rollback(mut self) -> Result<()> {
        self.roll_back().await
    }

    /// Begins a transaction within this one (a savepoint).
    ///
    /// # Errors
    /// A statement of this transaction failed before, or the connection is lost.
    pub async fn begin(&mut self) -> Result<Transaction<'_>> {
        Transaction::begin_on(
            Lease::borrowed(self.lease.session()),
            self.depth,
            TransactionOptions::new(),
        )
        .await
    }

    /// Runs `work` in a transaction within this one: kept when it gives `Ok`, undone when it gives `Err`.
    ///
    /// # Errors
    /// What `work` gives, or what the server reports.
    pub async fn transaction<T, E>(
        &mut self,
        work: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        self.begin().await?.run(work).await
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        self.lease.session()
    }

    /// Runs `work`, then commits or rolls back.
    pub(crate) async fn run<T, E>(
        mut self,
        work: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        match work(&mut self).await {
            Ok(value) => {
                self.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // The caller's own error matters more than a connection lost meanwhile.
                let _lost = self.roll_back().await;
                Err(error)
            }
        }
    }

    async fn roll_back(&mut self) -> Result<()> {
        let undone = match self.depth {
            1 => self.lease.control("ROLLBACK").await,
            depth => self.lease.control(&savepoint_undone(depth)).await,
        };
        if undone.is_ok() {
            self.finish();
        }
        undone
    }

    fn finish(&mut self) {
        self.lease.state.set_depth(self.depth - 1);
        self.finished = true;
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        match self.depth {
            1 => self.lease.send("ROLLBACK"),
            depth => self.lease.send(&savepoint_undone(depth)),
        }
        self.finish();
    }
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").field("depth", &self.depth).finish_non_exhaustive()
    }
}

/// `ROLLBACK TO` keeps the savepoint itself: it is released too.
fn savepoint_undone(depth: u32) -> String {
    format!("ROLLBACK TO SAVEPOINT orm_{depth}; RELEASE SAVEPOINT orm_{depth}")
}

/// What undoes the transactions within this many that were forgotten (`mem::forget`) instead of dropped: they are
/// not committed with the outer one, and no other begins within them.
fn forgotten(session: &Session, outer: u32) -> String {
    match (session.state.depth() > outer, outer) {
        (false, _) => String::new(),
        (true, 0) => "ROLLBACK; ".to_owned(),
        (true, _) => format!("{}; ", savepoint_undone(outer + 1)),
    }
}

fn ended_before(error: Error) -> Error {
    Error::new(
        ErrorKind::Database,
        "could not commit: SQL by hand (COMMIT, ROLLBACK) has ended this transaction before",
    )
    .with_hint(
        "commit and roll back with the methods; what ran after that SQL was committed one by one",
    )
    .with_source(error)
}

fn failed_before(error: Error) -> Error {
    Error::new(
        ErrorKind::Database,
        "could not commit: a statement of this transaction failed, so all of it was rolled back",
    )
    .with_hint("pass that statement's error on, or run it in a transaction within this one, so that only it is undone")
    .with_source(error)
}

impl Db {
    /// Begins a transaction on a connection of its own.
    ///
    /// # Errors
    /// No connection came free in time, or none could be made.
    pub async fn begin(&self) -> Result<Transaction<'static>> {
        self.begin_with(TransactionOptions::new()).await
    }

    /// As [`begin`](Self::begin), with an isolation level, read only, or deferrable.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn begin_with(&self, options: TransactionOptions) -> Result<Transaction<'static>> {
        Transaction::begin_on(Lease::pooled(self.connection().await?), 0, options).await
    }

    /// Runs `work` in a transaction: committed when it gives `Ok`, rolled back when it gives `Err`, panics or is dropped.
    ///
    /// ```no_run
    /// # use orm_core::exec::Db;
    /// # async fn run(db: Db) -> orm_core::Result<()> {
    /// db.transaction(async |tx| {
    ///     tx.batch_execute("UPDATE account SET balance = balance - 1 WHERE id = 1").await?;
    ///     tx.batch_execute("UPDATE account SET balance = balance + 1 WHERE id = 2").await
    /// })
    /// .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `work` gives, or what the server reports.
    pub async fn transaction<T, E>(
        &self,
        work: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        self.transaction_with(TransactionOptions::new(), work).await
    }

    /// As [`transaction`](Self::transaction), with an isolation level, read only, or deferrable.
    ///
    /// # Errors
    /// As [`transaction`](Self::transaction).
    pub async fn transaction_with<T, E>(
        &self,
        options: TransactionOptions,
        work: impl AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        self.begin_with(options).await?.run(work).await
    }
}
