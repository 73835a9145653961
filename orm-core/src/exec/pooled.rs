//! [`PooledConnection`]: a session of the pool, for as long as its user has it.

use crate::error::Result;
use crate::exec::executor::Lease;
use crate::exec::pool::{self, Slot};
use crate::exec::{Session, Transaction, TransactionOptions};
use std::sync::Arc;
use std::time::Duration;

/// A connection out of the pool; it goes back when dropped.
///
/// What its user leaves behind is undone in the background before another one gets it: a statement that still runs
/// is cancelled, an open transaction is rolled back, and with it what was written in it; settings, roles, locks,
/// temporary tables, cursors, prepared statements and channels of the session are as when it began. A session in
/// which only queries of this library have run is handed on as it is, and so is one with SQL by hand that can leave nothing
/// behind (see [`RawSql`](crate::exec::RawSql)).
///
/// ```no_run
/// # async fn run(db: orm_core::exec::Db) -> orm_core::Result<()> {
/// let connection = db.connection().await?;
/// connection.batch_execute("SET search_path = audit; BEGIN").await?;
/// connection.execute("INSERT INTO log VALUES ($1)", &[&"lost"]).await?;
/// // No COMMIT was sent: the row is not there afterwards. `begin` gives a value that commits.
/// drop(connection);
/// # Ok(())
/// # }
/// ```
///
/// Some things no statement undoes: a library that was loaded (`LOAD`), global variables of a procedural language,
/// connections of `dblink`, temporary replication slots, the seed of `random()` (it gets another one), and that a
/// setting of the user's own (`my.name`) exists (it becomes empty). After such SQL, [`end`](Self::end) the connection.
///
/// What a trigger, or a function that the text does not call, does to the session is not seen, nor is what `lastval()`
/// gives after an insert: let functions use `set_config(.., true)` and `pg_advisory_xact_lock`, which end with
/// the transaction.
pub struct PooledConnection {
    session: Arc<Session>,
    slot: Option<Slot>,
}

impl PooledConnection {
    pub(crate) fn new(slot: Slot) -> Self {
        Self { session: Arc::clone(&slot), slot: Some(slot) }
    }

    /// Ends the session instead of giving it back; the pool opens another one when it needs to.
    pub async fn end(mut self) {
        if let Some(slot) = self.slot.take() {
            drop(self);
            Slot::take(slot).end().await;
        }
    }

    /// Begins a transaction on this connection.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn begin(&mut self) -> Result<Transaction<'_>> {
        self.begin_with(TransactionOptions::new()).await
    }

    /// As [`begin`](Self::begin), with an isolation level, read only, or deferrable.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn begin_with(&mut self, options: TransactionOptions) -> Result<Transaction<'_>> {
        Transaction::begin_on(Lease::borrowed(self.session()), 0, options).await
    }

    /// How long ago it was opened.
    pub(super) fn age(&self) -> Duration {
        self.slot.as_ref().map_or(Duration::ZERO, |slot| Slot::metrics(slot).age())
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            pool::release(slot);
        }
    }
}

impl std::fmt::Debug for PooledConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PooledConnection").field(self.session()).finish()
    }
}
