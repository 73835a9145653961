//! The pool under [`Db`](crate::exec::Db): `deadpool`, with a reaper for what is idle, and what returns to it cleaned.
//! Never a ping: a session that is known to be clean is handed on as it is.
//!
//! A session that is not clean keeps its place in the pool until it is: there are never more than `max_connections`
//! connections, and while one is being cleaned the others are handed out.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::connect::{Connector, Failure};
use crate::exec::driver::Driver;
use crate::exec::executor::Lease;
use crate::exec::sharing::{Opening, Pick, SharedLease, Sharing, before_change};
use crate::exec::{Config, PooledConnection, Session};
use deadpool::managed::{self, Metrics, PoolConfig, PoolError, QueueMode, RecycleError, Timeouts};
use futures_util::future::BoxFuture;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How long to wait for a session that is being cleaned before another one is opened: cleaning is a round trip,
/// opening is several and a new process of the server.
const NEARLY_CLEAN: Duration = Duration::from_millis(20);
/// The pauses between attempts to connect.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// Makes, checks and drops the sessions of the pool.
pub(crate) struct Manager {
    connector: Arc<Connector>,
    cleaning: Arc<Cleaning>,
}

/// A session's place in the pool.
pub(crate) type Slot = managed::Object<Manager>;

impl managed::Manager for Manager {
    // Shared with the task that cleans it.
    type Type = Arc<Session>;
    type Error = Failure;

    async fn create(&self) -> Result<Arc<Session>, Failure> {
        // Nothing has begun at the first poll: `Pool::idle` polls once.
        tokio::task::yield_now().await;
        // Boxed: it is rare, and its size would be that of every future that asks for a session.
        let connecting: BoxFuture<'_, _> = Box::pin(self.connector.connect_for_pool());
        connecting.await.map(Arc::new)
    }

    async fn recycle(
        &self,
        session: &mut Arc<Session>,
        metrics: &Metrics,
    ) -> managed::RecycleResult<Failure> {
        if !session.is_usable() {
            return Err(RecycleError::message("the session is lost"));
        }
        if self.is_over(session, metrics) {
            return Err(RecycleError::message(
                "the connection is too old or was idle for too long",
            ));
        }
        if !session.driver().serves_current() {
            return Err(RecycleError::message("another runtime drives the connection"));
        }
        if !session.state.is_clean() {
            // The task that was to clean it has ended with its runtime.
            return Err(RecycleError::message("the session was not cleaned"));
        }
        Ok(())
    }
}

impl Manager {
    /// Whether the session has outlived `idle_timeout` or `max_lifetime`.
    fn is_over(&self, session: &Session, metrics: &Metrics) -> bool {
        let config = self.connector.config();
        config.idle_timeout.is_some_and(|limit| session.state.idle() >= limit)
            || config.max_lifetime.is_some_and(|limit| metrics.age() >= limit)
    }
}

/// Takes a session back: as it is when it is clean, else once it has been cleaned in the background.
pub(crate) fn release(slot: Slot) {
    let session = Arc::clone(&slot);
    session.state.released();
    if session.is_usable() && session.state.is_clean() {
        return;
    }
    let pool = Slot::pool(&slot).filter(|pool| !pool.is_closed());
    let Some(pool) = pool.filter(|_| session.is_usable()) else {
        drop(Slot::take(slot));
        return;
    };
    // One that still runs a statement is not waited for.
    let task = (!session.state.is_busy()).then(|| Cleaning::begin(&pool.manager().cleaning));
    let runtime = session.driver().runtime.clone();
    runtime.spawn(async move {
        if session.renew().await && session.is_usable() {
            session.state.released();
            drop(slot);
        } else {
            drop(Slot::take(slot));
        }
        drop(task);
    });
}

/// The sessions that are being cleaned and run nothing.
#[derive(Default)]
struct Cleaning {
    count: AtomicUsize,
    done: Notify,
}

/// One of them.
struct Cleaned(Arc<Cleaning>);

impl Cleaning {
    fn begin(this: &Arc<Self>) -> Cleaned {
        this.count.fetch_add(1, Ordering::AcqRel);
        Cleaned(Arc::clone(this))
    }
}

impl Drop for Cleaned {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::AcqRel);
        self.0.done.notify_waiters();
    }
}

/// The sessions of one [`Db`](crate::exec::Db).
pub(crate) struct Pool {
    /// Those of its sessions that are shared, where that is asked for.
    sharing: Option<Arc<Sharing>>,
    sessions: managed::Pool<Manager>,
    /// Closes what is idle or old. Ends with the pool.
    reaper: Mutex<Option<JoinHandle<()>>>,
}

/// What the pool holds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The most connections there may be.
    pub max_size: usize,
    /// The connections there are.
    pub size: usize,
    /// Those of them that are not in use, nor shared, nor being cleaned of what their last user left.
    pub idle: usize,
    /// Those of them that are shared: see [`ConfigBuilder::shared_connections`](crate::exec::ConfigBuilder::shared_connections).
    pub shared: usize,
    /// How many statements are on their way on those that are shared.
    pub shared_statements: usize,
    /// How many callers wait for one.
    pub waiting: usize,
}

impl Pool {
    pub(crate) fn new(connector: Connector) -> Result<Self> {
        let config = connector.config();
        let settings = PoolConfig {
            max_size: config.max_connections,
            timeouts: Timeouts { wait: Some(config.acquire_timeout), create: None, recycle: None },
            // The one used last goes out first, so that surplus connections fall idle and are closed.
            queue_mode: QueueMode::Lifo,
        };
        let sharing = Sharing::new(config);
        let manager = Manager { connector: Arc::new(connector), cleaning: Arc::default() };
        let sessions = managed::Pool::builder(manager)
            .config(settings)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Config, format!("could not make the pool: {error}"))
            })?;
        Ok(Self { sharing, sessions, reaper: Mutex::new(None) })
    }

    /// A session that is idle and fit for use, where there is one: nothing is waited for, and none is opened.
    pub(crate) fn idle(&self) -> Option<PooledConnection> {
        // Where no one waits for one, and no timer is needed.
        let at_once = Timeouts { wait: Some(Duration::ZERO), create: None, recycle: None };
        let slot = pin!(self.sessions.timeout_get(&at_once));
        match slot.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(slot)) => {
                self.keep_reaping();
                Some(PooledConnection::new(slot))
            }
            // What is pending is a session to be opened, which is done by who can wait for it.
            _ => None,
        }
    }

    /// Whether statements of several callers may run on one session.
    pub(crate) fn shares(&self) -> bool {
        self.sharing.is_some()
    }

    /// A session that others may use too, where there is one: nothing is waited for.
    pub(crate) fn share(self: &Arc<Self>) -> Option<SharedLease> {
        let Pick::Lease(lease, opening) = self.sharing.as_ref()?.pick() else { return None };
        self.keep_reaping();
        if let Some(opening) = opening {
            self.grow(opening);
        }
        Some(lease)
    }

    /// Opens one more session to be shared, if there is a place for it.
    fn grow(self: &Arc<Self>, opening: Opening) {
        let pool = Arc::clone(self);
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            match pool.acquire_at_once().await {
                Ok(connection) => {
                    // Whoever runs a statement on it next sees what is wrong with it.
                    let _shared = opening.share(connection).await;
                }
                Err(_) => opening.failed(),
            }
        });
    }

    /// As [`share`](Self::share), once there is one, or a session of one's own where none of them answers.
    pub(crate) async fn share_later(self: &Arc<Self>) -> Result<Lease<'_>> {
        let begun = Instant::now();
        let Some(sharing) = &self.sharing else { return self.acquire().await.map(Lease::pooled) };
        // Timers panic without a runtime.
        Driver::here()?;
        let waiter = sharing.changes().waiter();
        let mut acquiring: Option<BoxFuture<'_, Result<PooledConnection>>> = None;
        loop {
            let change = waiter.next();
            match sharing.pick() {
                Pick::Lease(lease, _) => return Ok(Lease::shared(lease)),
                Pick::Open(opening) => match self.acquire_at_once().await {
                    Ok(connection) => match opening.share(connection).await {
                        Ok(lease) => return Ok(Lease::shared(lease)),
                        // It was lost while no one used it.
                        Err(error) if error.kind() == ErrorKind::Closed && !self.is_over(begun) => {
                            continue;
                        }
                        Err(error) => return Err(error),
                    },
                    Err(PoolError::Backend(failure)) if !self.connector().may_pass(&failure) => {
                        return Err(failure.error);
                    }
                    // One may come free, or be opened later.
                    Err(_) => opening.failed(),
                },
                Pick::Wait if !self.is_over(begun) => {
                    before_change(std::future::pending::<()>(), change).await;
                    continue;
                }
                Pick::Wait | Pick::Silent => {}
            }
            let acquired = acquiring.get_or_insert_with(|| Box::pin(self.acquire_since(begun)));
            let Some(acquired) = before_change(acquired, change).await else { continue };
            let connection = acquired?;
            return match sharing.may_open() {
                Some(opening) => opening.share(connection).await.map(Lease::shared),
                None => Ok(Lease::pooled(connection)),
            };
        }
    }

    /// Whether whoever has waited since then has waited long enough.
    fn is_over(&self, begun: Instant) -> bool {
        begun.elapsed() >= self.config().acquire_timeout
    }

    /// A session, if there is one or a place for one: then it is opened.
    async fn acquire_at_once(&self) -> Result<PooledConnection, PoolError<Failure>> {
        let at_once = Timeouts { wait: Some(Duration::ZERO), create: None, recycle: None };
        let slot = self.sessions.timeout_get(&at_once).await?;
        self.keep_reaping();
        Ok(PooledConnection::new(slot))
    }

    pub(crate) async fn acquire(&self) -> Result<PooledConnection> {
        self.acquire_since(Instant::now()).await
    }

    /// As [`acquire`](Self::acquire), for someone who waits since then.
    async fn acquire_since(&self, begun: Instant) -> Result<PooledConnection> {
        // Timers panic without a runtime.
        Driver::here()?;
        self.nearly_clean().await;
        let left = self.config().acquire_timeout.saturating_sub(begun.elapsed());
        let timeouts = Timeouts { wait: Some(left), create: None, recycle: None };
        let slot = match self.sessions.timeout_get(&timeouts).await {
            Ok(slot) => slot,
            Err(PoolError::Backend(failure)) if self.connector().may_pass(&failure) => {
                // Boxed: it is rare, and its size would be that of every query's future.
                Box::pin(self.acquire_again(failure, begun)).await?
            }
            Err(error) => return Err(self.not_acquired(error)),
        };
        self.keep_reaping();
        Ok(PooledConnection::new(slot))
    }

    /// Tries until `acquire_timeout` is over: the server is starting, say, or has no connection left. In the pauses
    /// others may use the place in the pool, and one of its sessions may come free.
    async fn acquire_again(&self, mut last: Failure, begun: Instant) -> Result<Slot> {
        let limit = self.config().acquire_timeout;
        let (mut pause, longest) = PAUSES;
        for attempt in 2_u32.. {
            let left = limit.saturating_sub(begun.elapsed());
            // From half of the pause to all of it: who failed together should not come back together.
            let part = u32::try_from(RandomState::new().hash_one(attempt) % 512).unwrap_or(0);
            let jittered = pause * (512 + part) / 1024;
            if left <= jittered {
                break;
            }
            tokio::time::sleep(jittered).await;
            pause = longest.min(pause * 2);
            let timeouts = Timeouts { wait: Some(left - jittered), create: None, recycle: None };
            match self.sessions.timeout_get(&timeouts).await {
                Ok(slot) => return Ok(slot),
                Err(PoolError::Backend(failure)) if self.connector().may_pass(&failure) => {
                    last = failure;
                }
                // All places are taken by others who try to connect: their reason is the one to know.
                Err(PoolError::Timeout(_)) => break,
                Err(error) => return Err(self.not_acquired(error)),
            }
        }
        Err(last.error)
    }

    /// Where no session is idle but one is being cleaned: waits for it a moment.
    async fn nearly_clean(&self) {
        let cleaning = &self.sessions.manager().cleaning;
        if cleaning.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let done = cleaning.done.notified();
        let is_needed = cleaning.count.load(Ordering::Acquire) > 0 && self.status().idle == 0;
        if is_needed {
            let _waited = tokio::time::timeout(NEARLY_CLEAN, done).await;
        }
    }

    fn connector(&self) -> &Connector {
        &self.sessions.manager().connector
    }

    pub(crate) fn config(&self) -> &Config {
        self.connector().config()
    }

    pub(crate) fn status(&self) -> Status {
        let status = self.sessions.status();
        let (shared, shared_statements) = self.sharing.as_ref().map_or((0, 0), |it| it.counts());
        Status {
            max_size: status.max_size,
            size: status.size,
            idle: status.available,
            waiting: status.waiting,
            shared,
            shared_statements,
        }
    }

    /// Hands out nothing more, ends what is idle now and what is in use as soon as it comes back.
    pub(crate) async fn close(&self) {
        let shared = self.sharing.as_ref().map_or_else(Vec::new, |sharing| sharing.close());
        let idle = self.sessions.retain(|_, _| false).removed;
        self.sessions.close();
        self.stop_reaping();
        for session in shared {
            session.end().await;
        }
        for session in idle {
            session.end().await;
        }
    }

    fn not_acquired(&self, error: PoolError<Failure>) -> Error {
        match error {
            PoolError::Backend(failure) => failure.error,
            PoolError::Closed => Error::new(ErrorKind::Closed, "this `Db` was closed")
                .with_hint("`Db::close` was called; make a new `Db`"),
            PoolError::Timeout(_) => self.is_full(),
            other => Error::new(ErrorKind::Connect, other.to_string()),
        }
    }

    fn is_full(&self) -> Error {
        let Status { max_size, size, idle, shared, waiting, .. } = self.status();
        let waited = self.config().acquire_timeout;
        let in_use = size.saturating_sub(idle + shared);
        let shared = if shared > 0 { format!(", shared {shared}") } else { String::new() };
        Error::new(
            ErrorKind::PoolTimeout,
            format!(
                "no connection of the pool came free in {waited:?} (max_connections {max_size}, in use {in_use}{shared}, waiting {waiting})",
            ),
        )
        .with_hint(
            "hold connections and transactions for a shorter time, and never wait for a second one while holding \
             one; or raise `max_connections` or `acquire_timeout`",
        )
    }

    /// Starts the reaper, unless one runs. Not in `new`: a `Db` can be made outside a runtime, and outlive one.
    fn keep_reaping(&self) {
        let config = self.config();
        let Some(shortest) = [config.idle_timeout, config.max_lifetime].into_iter().flatten().min()
        else {
            return;
        };
        let mut reaper = self.reaper.lock().unwrap_or_else(PoisonError::into_inner);
        if reaper.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        let pause = (shortest / 4).clamp(Duration::from_millis(10), Duration::from_secs(5));
        let (sessions, sharing) = (self.sessions.weak(), self.sharing.as_ref().map(Arc::downgrade));
        *reaper = Some(runtime.spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let Some(sessions) = sessions.upgrade() else { return };
                let manager = sessions.manager();
                let sharing = sharing.as_ref().and_then(Weak::upgrade);
                for session in
                    sharing.map_or_else(Vec::new, |it| it.outdated(manager.connector.config()))
                {
                    session.end().await;
                }
                sessions.retain(|session, metrics| {
                    session.is_usable() && !manager.is_over(session, &metrics)
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
