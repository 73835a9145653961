//! [`Session`]: one connection's client, its prepared statements, and what is known of its state.
//! Pooled connections, own connections and transactions all run their statements here.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::cancel::Canceller;
use crate::exec::driver::Driver;
use crate::exec::effects;
use crate::exec::errors;
use crate::exec::params::{self, Encoded};
use crate::exec::state::State;
use crate::exec::statements::{Cache, StatementCache};
use crate::types::Parameter;
use crate::types::cells::hidden_type;
use crate::types::known::KnownTypes;
use deadpool_postgres::ClientWrapper;
use futures_util::{FutureExt as _, TryStreamExt as _};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio_postgres::types::{Oid, ToSql, Type};
use tokio_postgres::{Row, RowStream, Statement};

/// A value and its SQL type: where both are known, the server need not be asked first.
pub(crate) type TypedParam<'a> = (&'a dyn Parameter, Type);

/// How long a statement that was cancelled after `query_timeout` may take to say so.
const CANCELLED: Duration = Duration::from_millis(500);
/// How long a statement that was cancelled because its session was dropped may take to roll back.
const CLOSED: Duration = Duration::from_secs(5);

/// One session with the server.
///
/// Statements given out at the same time are pipelined: they travel together and run one after the other. What runs them is a
/// [`Lease`](crate::exec::Lease) of it.
pub struct Session {
    /// Shared with the task that cancels what a session runs when it is dropped.
    pub(super) client: Arc<ClientWrapper>,
    statements: StatementCache,
    /// The types that were looked up, by this session or another one of the same pool.
    types: Arc<KnownTypes>,
    pub(super) state: State,
    canceller: Arc<Canceller>,
    driver: Driver,
    /// Ends the connection at once.
    connection: AbortHandle,
    /// How long an answer may take.
    query_timeout: Option<Duration>,
    /// Whether the server should accept writes, and at which count of servers that stopped doing so it was opened.
    writable: Option<Writable>,
    /// Resolves when the connection is gone.
    ended: Mutex<Option<oneshot::Receiver<()>>>,
}

/// What a session needs from whoever opens it.
pub(crate) struct Opened {
    pub(crate) client: ClientWrapper,
    pub(crate) canceller: Canceller,
    pub(crate) driver: Driver,
    pub(crate) connection: AbortHandle,
    pub(crate) query_timeout: Option<Duration>,
    pub(crate) writable: Option<Writable>,
    pub(crate) ended: oneshot::Receiver<()>,
    pub(crate) statement_count_max: usize,
    pub(crate) types: Arc<KnownTypes>,
}

/// With `target_session_attrs=read-write`: how often a server stopped accepting writes without closing its
/// connections. Sessions that were opened before the last time are not used again.
pub(crate) struct Writable {
    demotions: Arc<AtomicU64>,
    opened_at: u64,
}

impl Writable {
    pub(crate) fn new(demotions: &Arc<AtomicU64>) -> Self {
        Self { demotions: Arc::clone(demotions), opened_at: demotions.load(Ordering::Acquire) }
    }

    fn demoted(&self) {
        let (opened_at, next) = (self.opened_at, self.opened_at + 1);
        // Only the first session to see it counts: those of the next server stay.
        let _counted =
            self.demotions.compare_exchange(opened_at, next, Ordering::AcqRel, Ordering::Acquire);
    }

    fn is_outdated(&self) -> bool {
        self.demotions.load(Ordering::Acquire) != self.opened_at
    }
}

impl Session {
    pub(crate) fn new(opened: Opened) -> Self {
        Self {
            client: Arc::new(opened.client),
            statements: StatementCache::new(opened.statement_count_max),
            types: opened.types,
            state: State::new(),
            canceller: Arc::new(opened.canceller),
            driver: opened.driver,
            connection: opened.connection,
            query_timeout: opened.query_timeout,
            writable: opened.writable,
            ended: Mutex::new(Some(opened.ended)),
        }
    }

    /// SQL that this library did not write runs: it may leave something behind in the session.
    pub(crate) fn note_effects(&self, sql: &str) {
        if effects::may_outlast(sql) {
            self.state.mark();
        }
    }

    /// Starts a statement. What is given counts as on its way until [`Watch`] is told of its end.
    ///
    /// Types of the database's own that its columns have are looked up before it runs, where that is known: its rows need
    /// not wait for that.
    pub(crate) async fn start(
        &self,
        sql: &str,
        params: &[Encoded<'_>],
        cache: Cache,
    ) -> Result<RowStream> {
        let watch = self.watch();
        let answer = self.limited(sql, self.query(sql, params, cache)).await;
        watch.settled(answer).map(|(rows, _on_its_way)| rows)
    }

    /// Runs a statement and gives how many rows it changed.
    pub(crate) async fn typed_execute(
        &self,
        sql: &str,
        params: &[TypedParam<'_>],
        cache: Cache,
    ) -> Result<u64> {
        let params = self.encoded(params).await?;
        self.answer(sql, self.change(sql, &params, cache)).await
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.state.depth() > 0
    }

    /// Whether the connection is gone.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether statements are prepared.
    pub(super) fn prepares(&self) -> bool {
        self.statements.is_enabled()
    }

    /// How many prepared statements it keeps.
    pub fn statement_count(&self) -> usize {
        self.statements.count()
    }

    /// As [`start`](Self::start), for SQL that a user wrote.
    pub(crate) async fn raw_start(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<RowStream> {
        self.note_effects(sql);
        let (params, cache) = self.raw_params(params)?;
        self.start(sql, &params, cache).await
    }

    /// Runs a statement that a user wrote, and gives how many rows it changed.
    pub(crate) async fn raw_execute(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64> {
        self.note_effects(sql);
        let (params, cache) = self.raw_params(params)?;
        self.answer(sql, self.change(sql, &params, cache)).await
    }

    /// Runs statements that a user wrote, without parameters, by the simple protocol.
    pub(crate) async fn raw_batch(&self, sql: &str) -> Result<()> {
        self.note_effects(sql);
        self.control(sql).await
    }

    /// The parameters of SQL that a user wrote, and how it is sent. The server says of which types they are, once for a
    /// statement; without parameters there is nothing to ask, and no named statement.
    fn raw_params<'a>(
        &self,
        params: &[&'a (dyn ToSql + Sync)],
    ) -> Result<(Vec<Encoded<'a>>, Cache)> {
        if params.is_empty() {
            return Ok((Vec::new(), Cache::Unnamed));
        }
        if self.statements.is_enabled() {
            return Ok((params::as_asked(params), Cache::Named));
        }
        Ok((params::typed_by_value(params)?, Cache::Unnamed))
    }

    /// The rows of a statement of our own, in one round trip.
    pub(crate) async fn gather(&self, sql: &str, params: &[Encoded<'_>]) -> Result<Vec<Row>> {
        let rows = async {
            let params = params.iter().map(Encoded::with_type);
            let rows = self.client.query_typed_raw(sql, params).await;
            let rows = rows.map_err(|error| failed(error, sql))?;
            rows.try_collect().await.map_err(|error| failed(error, sql))
        };
        self.answer(sql, rows).await
    }

    /// Runs a statement of our own, such as `BEGIN`.
    pub(crate) async fn control(&self, sql: &str) -> Result<()> {
        let done =
            async { self.client.batch_execute(sql).await.map_err(|error| failed(error, sql)) };
        self.answer(sql, done).await
    }

    /// Sends a statement without waiting for the answer: for `Drop`, which cannot wait.
    ///
    /// The driver sends on the first poll and answers in order, so whatever is sent later runs after it.
    pub(crate) fn send(&self, sql: &str) {
        self.state.mark();
        let _unanswered = self.client.batch_execute(sql).now_or_never();
    }

    /// Whether it may go on as it is, if it is clean: not after its connection or its prepared statements are lost,
    /// or its server no longer accepts the writes that were asked for.
    pub(crate) fn is_usable(&self) -> bool {
        !self.state.is_spent()
            && !self.is_closed()
            && !self.writable.as_ref().is_some_and(Writable::is_outdated)
    }

    /// Where its connection is driven.
    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Makes the server stop what this session runs. Gives whether the request is known to be over.
    pub(crate) async fn cancel(&self) -> bool {
        self.canceller.cancel().await
    }

    /// Ends the connection, and waits until it is gone if nothing else has the session.
    pub(crate) async fn end(self: Arc<Self>) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(self);
        if let Some(ended) = ended {
            // The sender is dropped with the driver's task: an error is the answer hoped for.
            let _gone = ended.await;
        }
    }

    /// Waits for an answer, and takes note of what it says of the session. Dropped before, the session is busy.
    pub(super) async fn answer<T>(
        &self,
        sql: &str,
        answer: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let watch = self.watch();
        let (value, watch) = watch.settled(self.limited(sql, answer).await)?;
        watch.answered();
        Ok(value)
    }

    /// Waits for an answer no longer than `query_timeout`, then makes the server stop.
    pub(super) async fn limited<T>(
        &self,
        sql: &str,
        answer: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(limit) = self.query_timeout else { return answer.await };
        let mut answer = pin!(answer);
        if let Ok(answer) = tokio::time::timeout(limit, &mut answer).await {
            return answer;
        }
        if self.cancel().await
            && let Ok(answer) = tokio::time::timeout(CANCELLED, &mut answer).await
        {
            return match answer {
                Err(error) if error.kind() == ErrorKind::Cancelled => {
                    Err(errors::out_of_time(limit, sql).with_source(error))
                }
                // It was over just before.
                answer => answer,
            };
        }
        // Nothing comes through. What is sent later would wait as long: it fails at once instead.
        self.state.spend();
        self.connection.abort();
        Err(errors::silent(limit, sql))
    }

    /// What was looked up of types.
    pub(crate) fn types(&self) -> &Arc<KnownTypes> {
        &self.types
    }

    /// How long an answer may take.
    pub(crate) fn query_timeout(&self) -> Option<Duration> {
        self.query_timeout
    }

    async fn query(&self, sql: &str, params: &[Encoded<'_>], cache: Cache) -> Result<RowStream> {
        let Some(prepared) = self.statement(sql, params, cache).await? else {
            let params = params.iter().map(Encoded::with_type);
            let answer = self.client.query_typed_raw(sql, params).await;
            return answer.map_err(|error| failed(error, sql));
        };
        self.look_up_columns(&prepared.statement).await?;
        match self.client.query_raw(&prepared.statement, params).await {
            Err(error) if self.is_stale(&error, sql, &prepared) => {
                let statement = self.prepare(sql, &prepared.types).await?;
                self.client.query_raw(&statement, params).await
            }
            answer => answer,
        }
        .map_err(|error| failed(error, sql))
    }

    async fn change(&self, sql: &str, params: &[Encoded<'_>], cache: Cache) -> Result<u64> {
        let Some(prepared) = self.statement(sql, params, cache).await? else {
            let params: Vec<_> = params.iter().map(Encoded::with_type).collect();
            let answer = self.client.execute_typed(sql, &params).await;
            return answer.map_err(|error| failed(error, sql));
        };
        match self.client.execute_raw(&prepared.statement, params).await {
            Err(error) if self.is_stale(&error, sql, &prepared) => {
                let statement = self.prepare(sql, &prepared.types).await?;
                self.client.execute_raw(&statement, params).await
            }
            answer => answer,
        }
        .map_err(|error| failed(error, sql))
    }

    /// Looks up what is not known yet of the types of a statement's columns.
    pub(super) async fn look_up_columns(&self, statement: &Statement) -> Result<()> {
        let hidden = statement.columns().iter().filter_map(hidden_type);
        let missing: Vec<Oid> = hidden.filter(|oid| self.types.get(*oid).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        // Boxed: a look-up is a statement too.
        Box::pin(self.look_up(&missing)).await
    }

    /// The named statement to run, or none when the text goes whole.
    pub(super) async fn statement(
        &self,
        sql: &str,
        params: &[Encoded<'_>],
        cache: Cache,
    ) -> Result<Option<Prepared>> {
        if cache == Cache::Unnamed || !self.statements.is_enabled() {
            return Ok(None);
        }
        let types: Vec<Type> = params.iter().map(Encoded::declared).collect();
        let (statement, is_new) = match self.statements.find(sql, &types) {
            Some(statement) => (statement, false),
            None => (self.prepare(sql, &types).await?, true),
        };
        Ok(Some(Prepared { statement, types, is_new }))
    }

    /// A statement prepared by the server, now in the cache.
    async fn prepare(&self, sql: &str, types: &[Type]) -> Result<Statement> {
        let statement =
            self.client.prepare_typed(sql, types).await.map_err(|error| failed(error, sql))?;
        self.statements.keep(sql, types, statement.clone());
        Ok(statement)
    }

    /// Whether the statement may run again once it is prepared again, because what it depends on was dropped or
    /// recreated meanwhile. Either way it is forgotten, with all that is known of types.
    fn is_stale(&self, error: &tokio_postgres::Error, sql: &str, prepared: &Prepared) -> bool {
        let stale = errors::is_stale(error, prepared.is_new);
        if stale {
            self.statements.forget(sql);
            self.types.clear();
        }
        // Inside a transaction the error has already ended it: a second try could only fail. Outside of one the
        // statement was undone as a whole.
        stale && !self.in_transaction()
    }

    /// Notes that a statement is on its way.
    fn watch(&self) -> Watch<'_> {
        self.state.begun();
        Watch(self)
    }

    /// The statement that [`start`](Self::start) has started.
    pub(super) fn watched(&self) -> Watch<'_> {
        Watch(self)
    }
}

impl Drop for Session {
    /// The server would run a statement to its end although its client has left: it is told to stop first.
    fn drop(&mut self) {
        if self.state.is_busy() && !self.is_closed() {
            let (client, canceller) = (Arc::clone(&self.client), Arc::clone(&self.canceller));
            let connection = self.connection.clone();
            self.driver.runtime.spawn(async move {
                canceller.cancel().await;
                // A pooler forgets the request when the session is closed before.
                drop(client);
                // After `COPY .. FROM STDIN` the server waits for what the driver never sends. The task that has ended
                // is not there to be aborted.
                tokio::time::sleep(CLOSED).await;
                connection.abort();
            });
        }
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

/// A statement that is on its way. It has no `Drop`: what is forgotten counts as what is dropped.
pub(super) struct Watch<'a>(&'a Session);

impl<'a> Watch<'a> {
    /// The last of the answer is here.
    pub(super) fn answered(self) {
        self.0.state.answered();
    }

    /// Takes note of an error, which is the end of an answer; a value may be followed by more.
    fn settled<T>(self, answer: Result<T>) -> Result<(T, Self)> {
        match answer {
            Ok(value) => Ok((value, self)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// The answer ended in this error.
    pub(super) fn failed(self, error: Error) -> Error {
        let session = self.0;
        if errors::is_out_of_step(&error) {
            // The server may wait for rows (`COPY .. FROM STDIN`), and no statement would end that.
            session.state.spend();
            session.connection.abort();
            return error;
        }
        if error.kind() == ErrorKind::Closed {
            // It may come before the driver knows that the connection is closed.
            session.state.spend();
            return error;
        }
        self.answered();
        match (error.sqlstate(), &session.writable) {
            // The server has lost a prepared statement, and perhaps those that the driver needs.
            (Some("26000"), _) => session.state.spend(),
            (Some("25006"), Some(writable)) => {
                writable.demoted();
                return errors::demoted(error);
            }
            _ => {}
        }
        error
    }
}

/// A named statement on the way to its execution.
pub(super) struct Prepared {
    pub(super) statement: Statement,
    types: Vec<Type>,
    /// It was prepared for this execution.
    is_new: bool,
}

fn failed(error: tokio_postgres::Error, sql: &str) -> Error {
    errors::statement_failed(error, sql)
}
