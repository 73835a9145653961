//! [`Connection`]: one session of its own, outside any pool.

use crate::error::Result;
use crate::exec::connect::Connector;
use crate::exec::executor::Lease;
use crate::exec::{IntoConfig, Session, Transaction, TransactionOptions};
use std::sync::Arc;

/// One session with the server, not shared and not pooled.
///
/// Dropped while the future of a statement was dropped before its answer, it has the server stop that statement.
pub struct Connection {
    session: Arc<Session>,
}

impl Connection {
    /// Opens a session with that URL or those settings.
    ///
    /// # Errors
    /// The server cannot be reached or refuses the user.
    pub async fn connect(settings: impl IntoConfig) -> Result<Self> {
        let session = Connector::new(settings.into_config()?)?.connect_here().await?;
        Ok(Self { session: Arc::new(session) })
    }

    /// Begins a transaction.
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
        Transaction::begin_on(Lease::borrowed(&self.session), 0, options).await
    }

    /// Whether the session has ended.
    pub fn is_closed(&self) -> bool {
        self.session.is_closed()
    }

    /// Ends the session and waits until the connection is gone.
    pub async fn close(self) {
        self.session.end().await;
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Connection").field(&self.session).finish()
    }
}
