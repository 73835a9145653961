//! [`Session`]: one connection's client, its prepared statements, and what is known of its state.
//! Pooled connections, own connections and transactions all run their statements here.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::errors;
use crate::exec::statements::{Cache, StatementCache};
use deadpool_postgres::ClientWrapper;
use futures_util::{FutureExt as _, Stream};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, RowStream, Statement};

/// A parameter and its SQL type: both are known from the schema, so that a statement needs no description first.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// What a session needs before it may serve somebody else. `DISCARD ALL` says the same, but it drops the prepared
/// statements too, and it is refused among other statements in one query (manual, `DISCARD`).
const CLEAN: &str = "ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; \
                     SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

/// One session with the server.
///
/// Statements given out at the same time are pipelined: they travel together and run one after the other.
pub struct Session {
    client: ClientWrapper,
    statements: StatementCache,
    /// How many transactions are open, one within the other.
    depth: AtomicU32,
    /// The state is not known to be clean: a future was dropped, or SQL ran that nobody here has read.
    suspect: AtomicBool,
    /// When the pool got it back.
    released: Mutex<Instant>,
    /// Resolves when the connection is gone.
    ended: oneshot::Receiver<()>,
}

impl Session {
    pub(crate) fn new(
        client: ClientWrapper,
        ended: oneshot::Receiver<()>,
        statement_count_max: usize,
    ) -> Self {
        Self {
            client,
            statements: StatementCache::new(statement_count_max),
            depth: AtomicU32::new(0),
            suspect: AtomicBool::new(false),
            released: Mutex::new(Instant::now()),
            ended,
        }
    }

    /// A statement prepared for these parameter types, from the cache or from the server.
    ///
    /// # Errors
    /// What the server reports on parsing it.
    pub async fn prepared(&self, sql: &str, types: &[Type]) -> Result<Statement> {
        if let Some(statement) = self.statements.find(sql, types) {
            return Ok(statement);
        }
        let statement =
            self.client.prepare_typed(sql, types).await.map_err(|error| failed(error, sql))?;
        self.statements.keep(sql, types, statement.clone());
        Ok(statement)
    }

    /// Runs a statement and gives its rows as they arrive.
    ///
    /// A prepared statement that a change of schema has made useless is prepared again, once, outside transactions.
    ///
    /// # Errors
    /// What the server reports, with its message, detail, hint and position.
    pub async fn query_stream(
        &self,
        sql: &str,
        params: &[Param<'_>],
        cache: Cache,
    ) -> Result<Rows<'_>> {
        let watch = self.watch();
        match self.query(sql, params, cache).await {
            // Still on its way until the last row is here.
            Ok(stream) => Ok(Rows { stream: Box::pin(stream), watch: Some(watch) }),
            Err(error) => {
                let answer = Err(error);
                watch.answered(&answer);
                answer
            }
        }
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// As [`query_stream`](Self::query_stream).
    pub async fn execute(&self, sql: &str, params: &[Param<'_>], cache: Cache) -> Result<u64> {
        let watch = self.watch();
        let answer = self.change(sql, params, cache).await;
        watch.answered(&answer);
        answer
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.depth.load(Ordering::Acquire) > 0
    }

    /// Whether the connection is gone.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// How many prepared statements it keeps.
    pub fn statement_count(&self) -> usize {
        self.statements.count()
    }

    /// The rows of SQL that somebody else wrote: it may leave anything behind in the session.
    pub(crate) async fn raw_rows(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        self.suspect.store(true, Ordering::Release);
        // Without parameters there are no types to ask for: one round trip, and no named statement.
        let rows = match params {
            [] => self.client.query_typed(sql, &[]).await,
            params => self.client.query(sql, params).await,
        };
        rows.map_err(|error| failed(error, sql))
    }

    /// As [`raw_rows`](Self::raw_rows), for the count of rows that were changed.
    pub(crate) async fn raw_execute(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64> {
        self.suspect.store(true, Ordering::Release);
        let count = match params {
            [] => self.client.execute_typed(sql, &[]).await,
            params => self.client.execute(sql, params).await,
        };
        count.map_err(|error| failed(error, sql))
    }

    /// As [`raw_rows`](Self::raw_rows), for statements without parameters, by the simple protocol.
    pub(crate) async fn raw_batch(&self, sql: &str) -> Result<()> {
        self.suspect.store(true, Ordering::Release);
        self.control(sql).await
    }

    /// Runs a statement of our own, such as `BEGIN`.
    pub(crate) async fn control(&self, sql: &str) -> Result<()> {
        let watch = self.watch();
        let answer = self.client.batch_execute(sql).await.map_err(|error| failed(error, sql));
        watch.answered(&answer);
        answer
    }

    /// Sends a statement without waiting for the answer: for `Drop`, which cannot wait.
    ///
    /// The driver sends on the first poll and answers in order, so whatever is sent later runs after it.
    pub(crate) fn send(&self, sql: &str) {
        self.suspect.store(true, Ordering::Release);
        let _unanswered = self.client.batch_execute(sql).now_or_never();
    }

    /// One transaction more is open; gives the new depth.
    pub(crate) fn entered(&self) -> u32 {
        self.depth.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The transactions from `depth` inward are no longer open.
    pub(crate) fn left(&self, depth: u32) {
        self.depth.store(depth.saturating_sub(1), Ordering::Release);
    }

    /// The pool has it back.
    pub(crate) fn released(&self) {
        *self.released.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long nobody has used it.
    pub(crate) fn idle(&self) -> Duration {
        self.released.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// Whether it is fit for the next user as it is.
    pub(crate) fn is_clean(&self) -> bool {
        !self.suspect.load(Ordering::Acquire)
    }

    /// Makes a session of unknown state fit for the next user, in one round trip.
    pub(crate) async fn clean(&self) -> Result<()> {
        self.control(CLEAN).await?;
        self.suspect.store(false, Ordering::Release);
        self.depth.store(0, Ordering::Release);
        Ok(())
    }

    /// A handle that makes the server stop what this session runs.
    pub(crate) fn cancel_token(&self) -> tokio_postgres::CancelToken {
        self.client.cancel_token()
    }

    /// Ends the connection and waits until it is gone.
    pub(crate) async fn end(self) {
        let Self { client, ended, .. } = self;
        drop(client);
        // The sender is dropped with the driver task: an error is the answer hoped for.
        let _gone = ended.await;
    }

    async fn query(&self, sql: &str, params: &[Param<'_>], cache: Cache) -> Result<RowStream> {
        let answer = match self.statement(sql, params, cache).await? {
            None => self.client.query_typed_raw(sql, params.iter().cloned()).await,
            Some(statement) => match self.client.query_raw(&statement, values(params)).await {
                Err(error) if self.is_stale(&error, sql) => {
                    let statement = self.prepared(sql, &types(params)).await?;
                    self.client.query_raw(&statement, values(params)).await
                }
                answer => answer,
            },
        };
        answer.map_err(|error| failed(error, sql))
    }

    async fn change(&self, sql: &str, params: &[Param<'_>], cache: Cache) -> Result<u64> {
        let answer = match self.statement(sql, params, cache).await? {
            None => self.client.execute_typed(sql, params).await,
            Some(statement) => match self.client.execute_raw(&statement, values(params)).await {
                Err(error) if self.is_stale(&error, sql) => {
                    let statement = self.prepared(sql, &types(params)).await?;
                    self.client.execute_raw(&statement, values(params)).await
                }
                answer => answer,
            },
        };
        answer.map_err(|error| failed(error, sql))
    }

    /// The named statement to run, or none when the text goes whole.
    async fn statement(
        &self,
        sql: &str,
        params: &[Param<'_>],
        cache: Cache,
    ) -> Result<Option<Statement>> {
        if cache == Cache::Unnamed || !self.statements.is_enabled() {
            return Ok(None);
        }
        self.prepared(sql, &types(params)).await.map(Some)
    }

    /// Whether the statement may run again after being prepared anew: `cached plan must not change result type`
    /// (0A000), or a name the server has lost, as after `DEALLOCATE ALL` (26000). Either way it is forgotten.
    fn is_stale(&self, error: &tokio_postgres::Error, sql: &str) -> bool {
        use tokio_postgres::error::SqlState;
        let stale = matches!(error.code(), Some(code)
            if *code == SqlState::FEATURE_NOT_SUPPORTED || *code == SqlState::INVALID_SQL_STATEMENT_NAME);
        if stale {
            self.statements.forget(sql);
        }
        // Inside a transaction the error has already ended it: a second try could only fail.
        stale && !self.in_transaction()
    }

    /// Guards a statement on its way: dropped before the answer, it leaves the session suspect.
    fn watch(&self) -> Watch<'_> {
        Watch(self)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("closed", &self.is_closed())
            .field("in_transaction", &self.in_transaction())
            .field("statements", &self.statement_count())
            .finish_non_exhaustive()
    }
}

/// The rows of a statement, as they arrive.
///
/// Dropped before the last one, it costs the session a check before its next use.
pub struct Rows<'a> {
    stream: Pin<Box<RowStream>>,
    watch: Option<Watch<'a>>,
}

impl Stream for Rows<'_> {
    type Item = Result<Row, tokio_postgres::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.stream.as_mut().poll_next(cx));
        let over = match &next {
            Some(Ok(_)) => false,
            // An error that the server did not report is a lost connection.
            Some(Err(error)) => error.as_db_error().is_some(),
            None => true,
        };
        if over && let Some(watch) = self.watch.take() {
            watch.answered(&Ok(()));
        }
        Poll::Ready(next)
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// See [`Session::watch`].
struct Watch<'a>(&'a Session);

impl Watch<'_> {
    /// The answer is here. One that tells of a lost connection may come before the driver knows that it is closed:
    /// such a session stays suspect, so that nobody gets it.
    fn answered<T>(self, answer: &Result<T>) {
        if !answer.as_ref().is_err_and(|error| error.kind() == ErrorKind::Closed) {
            std::mem::forget(self);
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.suspect.store(true, Ordering::Release);
    }
}

fn types(params: &[Param<'_>]) -> Vec<Type> {
    params.iter().map(|(_, sql_type)| sql_type.clone()).collect()
}

fn values<'a>(
    params: &'a [Param<'a>],
) -> impl ExactSizeIterator<Item = &'a (dyn ToSql + Sync)> + 'a {
    params.iter().map(|(value, _)| *value)
}

fn failed(error: tokio_postgres::Error, sql: &str) -> Error {
    errors::statement_failed(error, sql)
}
