//! The pool under [`Db`](crate::exec::Db): `deadpool`, with our own check on the way out and a reaper for the idle.
//! Never a ping: a session that is known to be clean is handed on as it is.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::connect::Connector;
use crate::exec::executor::Lease;
use crate::exec::{Config, Session, Transaction, TransactionOptions};
use deadpool::managed::{self, Metrics, PoolConfig, PoolError, QueueMode, RecycleError, Timeouts};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;

/// How long a session of unknown state may take to become clean before it is thrown away.
const CLEANING_TIMEOUT: Duration = Duration::from_millis(500);

/// Makes, checks and drops the sessions of the pool.
pub(crate) struct Manager {
    connector: Connector,
}

impl managed::Manager for Manager {
    // Boxed once for each connection, so that leases of it are small.
    type Type = Box<Session>;
    type Error = Error;

    async fn create(&self) -> Result<Box<Session>> {
        self.connector.connect().await.map(Box::new)
    }

    async fn recycle(
        &self,
        session: &mut Box<Session>,
        metrics: &Metrics,
    ) -> managed::RecycleResult<Error> {
        if session.is_closed() {
            return Err(RecycleError::message("the connection is gone"));
        }
        if self.is_over(session, metrics) {
            return Err(RecycleError::message(
                "the connection is too old or was idle for too long",
            ));
        }
        if session.is_clean() {
            return Ok(());
        }
        match tokio::time::timeout(CLEANING_TIMEOUT, session.clean()).await {
            Ok(cleaned) => cleaned.map_err(RecycleError::Backend),
            Err(_) => {
                // Still busy with what a dropped future left behind: stop it, and do not wait for it.
                self.connector.cancel(session);
                Err(RecycleError::message(
                    "the connection is busy with a statement nobody waits for",
                ))
            }
        }
    }
}

impl Manager {
    /// Whether the session has outlived `idle_timeout` or `max_lifetime`.
    fn is_over(&self, session: &Session, metrics: &Metrics) -> bool {
        let config = self.connector.config();
        config.idle_timeout.is_some_and(|limit| session.idle() >= limit)
            || config.max_lifetime.is_some_and(|limit| metrics.age() >= limit)
    }
}

/// The sessions of one [`Db`](crate::exec::Db).
pub(crate) struct Pool {
    sessions: managed::Pool<Manager>,
    /// Closes what is idle or old. Ends with the pool.
    reaper: Mutex<Option<JoinHandle<()>>>,
}

/// What the pool holds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The most connections there may be.
    pub size_max: usize,
    /// The connections there are.
    pub size: usize,
    /// Those of them that nobody uses.
    pub idle: usize,
    /// How many callers wait for one.
    pub waiting: usize,
}

impl Pool {
    pub(crate) fn new(connector: Connector) -> Result<Self> {
        let config = connector.config();
        let settings = PoolConfig {
            max_size: config.pool_size,
            timeouts: Timeouts { wait: Some(config.acquire_timeout), create: None, recycle: None },
            // The one used last goes out first, so that surplus connections fall idle and are closed.
            queue_mode: QueueMode::Lifo,
        };
        let sessions = managed::Pool::builder(Manager { connector })
            .config(settings)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Config, format!("could not make the pool: {error}"))
            })?;
        Ok(Self { sessions, reaper: Mutex::new(None) })
    }

    pub(crate) async fn acquire(&self) -> Result<PooledConnection> {
        let object = self.sessions.get().await.map_err(|error| self.not_acquired(error))?;
        self.keep_reaping();
        Ok(PooledConnection { object })
    }

    pub(crate) fn config(&self) -> &Config {
        self.sessions.manager().connector.config()
    }

    pub(crate) fn status(&self) -> Status {
        let status = self.sessions.status();
        Status {
            size_max: status.max_size,
            size: status.size,
            idle: status.available,
            waiting: status.waiting,
        }
    }

    /// Hands out nothing more, ends what is idle now and what is in use as soon as it comes back.
    pub(crate) async fn close(&self) {
        let idle = self.sessions.retain(|_, _| false).removed;
        self.sessions.close();
        self.stop_reaping();
        for session in idle {
            session.end().await;
        }
    }

    fn not_acquired(&self, error: PoolError<Error>) -> Error {
        match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => Error::new(ErrorKind::Closed, "this `Db` was closed")
                .hint("`Db::close` was called; make a new `Db`"),
            PoolError::Timeout(_) => self.is_full(),
            other => Error::new(ErrorKind::Connect, other.to_string()),
        }
    }

    fn is_full(&self) -> Error {
        let Status { size_max, size, idle, waiting } = self.status();
        let waited = self.sessions.manager().connector.config().acquire_timeout;
        Error::new(
            ErrorKind::PoolTimeout,
            format!(
                "no connection of the pool came free in {waited:?} (pool_size {size_max}, in use {}, waiting {waiting})",
                size.saturating_sub(idle),
            ),
        )
        .hint(
            "hold connections and transactions for a shorter time, and never wait for a second one while holding \
             one; or raise `pool_size` or `acquire_timeout`",
        )
    }

    /// Starts the reaper, unless one runs. Not in `new`: a `Db` can be made outside a runtime, and outlive one.
    fn keep_reaping(&self) {
        let config = self.sessions.manager().connector.config();
        let Some(shortest) = [config.idle_timeout, config.max_lifetime].into_iter().flatten().min()
        else {
            return;
        };
        let mut reaper = self.reaper.lock().unwrap_or_else(PoisonError::into_inner);
        if reaper.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        let pause = (shortest / 4).clamp(Duration::from_millis(10), Duration::from_secs(5));
        let sessions = self.sessions.weak();
        *reaper = Some(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let Some(sessions) = sessions.upgrade() else { return };
                let manager = sessions.manager();
                sessions.retain(|session, metrics| {
                    !session.is_closed() && !manager.is_over(session, &metrics)
                });
            }
        }));
    }

    fn stop_reaping(&self) {
        let mut reaper = self.reaper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = reaper.take() {
            task.abort();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.stop_reaping();
    }
}

/// A connection out of the pool; it goes back when dropped, and is made clean before the next one gets it.
pub struct PooledConnection {
    object: managed::Object<Manager>,
}

impl PooledConnection {
    /// The rows of one statement.
    ///
    /// # Errors
    /// What the server reports, with its message, detail, hint and position.
    pub async fn rows(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>> {
        self.session().raw_rows(sql, params).await
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        self.session().raw_execute(sql, params).await
    }

    /// Runs statements without parameters, in one round trip by the simple protocol.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn batch(&self, sql: &str) -> Result<()> {
        self.session().raw_batch(sql).await
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
        Transaction::begin_on(Lease::borrowed(self.session()), options).await
    }

    pub(crate) fn session(&self) -> &Session {
        &self.object
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        self.object.released();
    }
}

impl std::fmt::Debug for PooledConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PooledConnection").field(self.session()).finish()
    }
}
