//! [`Executor`]: whatever a query can be handed to. Start at [`Executor::lease`].

use crate::error::Result;
use crate::exec::{Connection, Db, PooledConnection, Session, Transaction};
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

/// What runs queries: a [`Db`], a [`Connection`], a [`PooledConnection`] or a [`Transaction`].
///
/// ```no_run
/// # use orm_core::exec::{Db, Executor, Cache};
/// async fn users(executor: &impl Executor) -> orm_core::Result<u64> {
///     executor.lease().await?.execute("SELECT FROM pg_user", &[], Cache::Unnamed).await
/// }
/// # async fn run(db: Db) -> orm_core::Result<()> {
/// users(&db).await?;
/// let tx = db.begin().await?;
/// users(&tx).await?;
/// tx.commit().await
/// # }
/// ```
pub trait Executor: sealed::Sealed + Sync {
    /// A session to run statements on, until the lease is dropped.
    ///
    /// # Errors
    /// No connection came free in time, or none could be made.
    fn lease(&self) -> impl Future<Output = Result<Lease<'_>>> + Send;
}

/// An executor behind a pointer: what runs a query is then compiled once, not for each kind of executor and row.
pub(crate) trait AnyExecutor: Sync {
    /// As [`Executor::lease`].
    fn lease_any(&self) -> Pin<Box<dyn Future<Output = Result<Lease<'_>>> + Send + '_>>;
}

impl<E: Executor> AnyExecutor for E {
    fn lease_any(&self) -> Pin<Box<dyn Future<Output = Result<Lease<'_>>> + Send + '_>> {
        Box::pin(self.lease())
    }
}

mod sealed {
    /// Keeps the list of executors closed, so that it can grow methods.
    pub trait Sealed {}
}

/// A session for the time of a query: borrowed, or out of the pool and given back on drop.
///
/// Its methods are those of [`Session`]: they run any SQL, and what that leaves behind is undone before the pool hands
/// the session on.
pub struct Lease<'a>(Held<'a>);

enum Held<'a> {
    Pooled(PooledConnection),
    Borrowed(&'a Session),
}

impl<'a> Lease<'a> {
    pub(crate) fn pooled(connection: PooledConnection) -> Self {
        Self(Held::Pooled(connection))
    }

    pub(crate) fn borrowed(session: &'a Session) -> Self {
        Self(Held::Borrowed(session))
    }
}

impl Deref for Lease<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        match &self.0 {
            Held::Pooled(connection) => connection.session(),
            Held::Borrowed(session) => session,
        }
    }
}

impl std::fmt::Debug for Lease<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lease").field(&**self).finish()
    }
}

impl sealed::Sealed for Db {}
impl Executor for Db {
    async fn lease(&self) -> Result<Lease<'_>> {
        self.connection().await.map(Lease::pooled)
    }
}

impl sealed::Sealed for Connection {}
impl Executor for Connection {
    async fn lease(&self) -> Result<Lease<'_>> {
        Ok(Lease::borrowed(self.session()))
    }
}

impl sealed::Sealed for PooledConnection {}
impl Executor for PooledConnection {
    async fn lease(&self) -> Result<Lease<'_>> {
        Ok(Lease::borrowed(self.session()))
    }
}

impl sealed::Sealed for Transaction<'_> {}
impl Executor for Transaction<'_> {
    async fn lease(&self) -> Result<Lease<'_>> {
        Ok(Lease::borrowed(self.session()))
    }
}

impl<T: Executor + ?Sized> sealed::Sealed for &T {}
impl<T: Executor + ?Sized> Executor for &T {
    fn lease(&self) -> impl Future<Output = Result<Lease<'_>>> + Send {
        (**self).lease()
    }
}

// So that `.all(&tx)` also works where `tx` is the `&mut Transaction` that a closure was given.
impl<T: Executor + ?Sized> sealed::Sealed for &mut T {}
impl<T: Executor + ?Sized> Executor for &mut T {
    fn lease(&self) -> impl Future<Output = Result<Lease<'_>>> + Send {
        (**self).lease()
    }
}
