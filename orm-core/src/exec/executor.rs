//! [`Executor`]: whatever a query can be handed to. Start at [`Executor::lease`].

use crate::error::Result;
use crate::exec::session::TypedParam;
use crate::exec::sharing::SharedLease;
use crate::exec::{Cache, Connection, Db, PooledConnection, Row, Rows, Session, Transaction};
use futures_util::future::BoxFuture;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// What runs queries: a [`Db`], a [`Connection`], a [`PooledConnection`] or a [`Transaction`]; also a reference, `Arc` or
/// `Box` of one.
///
/// `Arc<dyn Executor>` is an executor too: a program can keep one without naming its type.
///
/// ```no_run
/// # use orm_core::exec::{Db, Executor, RawSql};
/// # use std::sync::Arc;
/// async fn count(executor: &dyn Executor) -> orm_core::Result<i64> {
///     executor.query_one("SELECT count(*) FROM pg_user", &[]).await
/// }
///
/// struct Users {
///     executor: Arc<dyn Executor>,
/// }
///
/// # async fn run(db: Db) -> orm_core::Result<()> {
/// count(&db).await?;
/// let tx = db.begin().await?;
/// count(&tx).await?;
/// tx.commit().await?;
/// let users = Users { executor: Arc::new(db) };
/// count(&users.executor).await?;
/// # Ok(())
/// # }
/// ```
pub trait Executor: sealed::Sealed + Send + Sync {
    /// A session to run statements on, until the lease is dropped; never a shared one (see
    /// [`ConfigBuilder::shared_connections`](crate::exec::ConfigBuilder::shared_connections)).
    ///
    /// # Errors
    /// No connection came free in time, or none could be made.
    fn lease(&self) -> Leasing<'_>;
}

/// A [`Lease`] on its way: a future.
///
/// An executor that has its session, and a [`Db`] with one that is idle, give it without waiting and without an allocation.
#[must_use = "a future does nothing until it is awaited"]
pub struct Leasing<'a>(Way<'a>);

enum Way<'a> {
    Session(&'a Arc<Session>),
    /// An idle session is tried first.
    Pool(&'a Db),
    /// A shared session is tried first.
    Shared(&'a Db),
    /// None is idle. Boxed: it is rare, and its size would be that of every query's future.
    Waiting(BoxFuture<'a, Result<Lease<'a>>>),
}

impl<'a> Future for Leasing<'a> {
    type Output = Result<Lease<'a>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match &mut self.0 {
                Way::Session(session) => return Poll::Ready(Ok(Lease::borrowed(session))),
                Way::Pool(db) => {
                    let db = *db;
                    if let Some(connection) = db.pool().idle() {
                        return Poll::Ready(Ok(Lease::pooled(connection)));
                    }
                    let acquired = async { db.connection().await.map(Lease::pooled) };
                    self.0 = Way::Waiting(Box::pin(acquired));
                }
                Way::Shared(db) => {
                    let db = *db;
                    if let Some(shared) = db.pool().share() {
                        return Poll::Ready(Ok(Lease::shared(shared)));
                    }
                    self.0 = Way::Waiting(Box::pin(db.pool().share_later()));
                }
                Way::Waiting(acquired) => return acquired.as_mut().poll(cx),
            }
        }
    }
}

impl std::fmt::Debug for Leasing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leasing").finish_non_exhaustive()
    }
}

pub(super) mod sealed {
    use super::{Executor, Leasing};

    /// Keeps the list of executors closed, so that it can grow methods.
    pub trait Sealed {
        /// What runs a query is compiled once, not for each kind of executor.
        fn as_dyn(&self) -> &dyn Executor;

        /// A session for a statement that leaves nothing behind and whose answer is read at once: other callers' statements
        /// may be on their way on it too.
        fn lease_for_statement(&self) -> Leasing<'_>;
    }
}

/// A session for the time of a query: borrowed, or out of the pool and given back on drop.
///
/// Its methods run any SQL, and what that leaves behind is undone before the pool hands the session on: a transaction
/// that is still open is rolled back, and with it whatever was written in it.
///
/// ```no_run
/// # use orm_core::exec::{Cache, Db, Executor};
/// # async fn run(db: Db) -> orm_core::Result<()> {
/// // Wrong: the lease is dropped at the end of the line, and the transaction is rolled back with it.
/// db.lease().await?.execute("BEGIN", &[], Cache::Unnamed).await?;
/// // Each of these gets a session without a transaction, and is permanent at once.
/// db.lease().await?.execute("INSERT INTO log VALUES (1)", &[], Cache::Unnamed).await?;
///
/// // Right: a transaction is a value, and everything that runs in it is handed that value.
/// let tx = db.begin().await?;
/// tx.execute("INSERT INTO log VALUES (1)", &[]).await?;
/// tx.commit().await
/// # }
/// ```
pub struct Lease<'a>(Held<'a>);

enum Held<'a> {
    Pooled(PooledConnection),
    Shared(SharedLease),
    Borrowed(&'a Arc<Session>),
}

impl<'a> Lease<'a> {
    pub(crate) fn pooled(connection: PooledConnection) -> Self {
        Self(Held::Pooled(connection))
    }

    pub(crate) fn shared(shared: SharedLease) -> Self {
        Self(Held::Shared(shared))
    }

    pub(crate) fn borrowed(session: &'a Arc<Session>) -> Self {
        Self(Held::Borrowed(session))
    }

    /// The session, for what may outlast the borrow of this lease.
    pub(crate) fn session(&self) -> &Arc<Session> {
        match &self.0 {
            Held::Pooled(connection) => connection.session(),
            Held::Shared(shared) => shared.session(),
            Held::Borrowed(session) => session,
        }
    }

    /// Runs a statement with values of these types, and gives its rows as they arrive. The server is not asked for the
    /// types first.
    ///
    /// A prepared statement that a change of schema has made useless is prepared again, once, outside transactions.
    ///
    /// # Errors
    /// What the server reports, with its message, detail, hint and position. `COPY` from or to the client is
    /// refused, and ends the session.
    pub async fn query_stream<'s>(
        &'s self,
        sql: &str,
        params: &[TypedParam<'_>],
        cache: Cache,
    ) -> Result<Rows<'s, Row>> {
        self.session().note_effects(sql);
        let params = self.encoded(params).await?;
        let rows = self.start(sql, &params, cache).await?;
        Ok(Rows::running(Lease::borrowed(self.session()), rows, sql))
    }

    /// Runs a statement with values of these types, and gives how many rows it changed.
    ///
    /// # Errors
    /// As [`query_stream`](Self::query_stream).
    pub async fn execute(&self, sql: &str, params: &[TypedParam<'_>], cache: Cache) -> Result<u64> {
        self.session().note_effects(sql);
        self.typed_execute(sql, params, cache).await
    }
}

impl Deref for Lease<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session()
    }
}

impl std::fmt::Debug for Lease<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lease").field(&**self).finish()
    }
}

impl Executor for Db {
    fn lease(&self) -> Leasing<'_> {
        Leasing(Way::Pool(self))
    }
}

impl sealed::Sealed for Db {
    fn as_dyn(&self) -> &dyn Executor {
        self
    }

    fn lease_for_statement(&self) -> Leasing<'_> {
        Leasing(if self.pool().shares() { Way::Shared(self) } else { Way::Pool(self) })
    }
}

/// An executor that has its session.
macro_rules! with_session {
    ($($executor:ty),*) => {$(
        impl Executor for $executor {
            fn lease(&self) -> Leasing<'_> {
                Leasing(Way::Session(self.session()))
            }
        }

        impl sealed::Sealed for $executor {
            fn as_dyn(&self) -> &dyn Executor {
                self
            }

            fn lease_for_statement(&self) -> Leasing<'_> {
                self.lease()
            }
        }
    )*};
}

with_session!(Connection, PooledConnection, Transaction<'_>, Lease<'_>);

/// What points to an executor. `&mut` so that `.all(&tx)` also works where `tx` is the `&mut Transaction` that a closure
/// was given.
macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Executor + ?Sized> sealed::Sealed for $pointer {
            fn as_dyn(&self) -> &dyn Executor {
                (**self).as_dyn()
            }

            fn lease_for_statement(&self) -> Leasing<'_> {
                (**self).lease_for_statement()
            }
        }

        impl<T: Executor + ?Sized> Executor for $pointer {
            fn lease(&self) -> Leasing<'_> {
                (**self).lease()
            }
        }
    )*};
}

pointers!(&T, &mut T, Box<T>, Arc<T>);
