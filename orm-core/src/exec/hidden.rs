//! What a user's crate does not have to know the inside of while it is developed.
//!
//! Debug information describes each type with all types that it holds or points to, and does so again in every part that a
//! crate is compiled in. Of the future of one query these are some 4,000, down to those of TLS: half of the time that the
//! compiler takes for a crate of tables. It does not look behind `dyn`.

use crate::exec::pool::Pool;
#[cfg(debug_assertions)]
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// The pool of a [`Db`](crate::exec::Db).
pub(super) trait Pooling: Send + Sync {
    fn pool(&self) -> &Arc<Pool>;
}

impl Pooling for Arc<Pool> {
    fn pool(&self) -> &Arc<Pool> {
        self
    }
}

/// The future: in a build for development behind a pointer that hides its type, else as it is, which needs no allocation.
#[cfg(debug_assertions)]
pub(super) fn hidden<'f, T>(future: impl Future<Output = T> + Send + 'f) -> BoxFuture<'f, T> {
    Box::pin(future)
}

#[cfg(not(debug_assertions))]
pub(super) fn hidden<'f, T>(
    future: impl Future<Output = T> + Send + 'f,
) -> impl Future<Output = T> + Send + 'f {
    future
}
