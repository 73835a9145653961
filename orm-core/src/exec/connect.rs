//! [`Connector`]: from settings to a session.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{Config, Session};
use deadpool_postgres::ClientWrapper;
use tokio::sync::oneshot;

/// Makes sessions.
pub(crate) struct Connector {
    config: Config,
}

impl Connector {
    pub(crate) fn new(config: Config) -> Result<Self> {
        Ok(Self { config })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Opens a session.
    pub(crate) async fn connect(&self) -> Result<Session> {
        let (client, driver) =
            self.config.inner.connect(tokio_postgres::NoTls).await.map_err(|error| {
                Error::new(ErrorKind::Connect, error.to_string()).because(error)
            })?;
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(async move {
            let _end = end;
            let _result = driver.await;
        });
        Ok(Session::new(ClientWrapper::new(client, task), ended, self.config.statement_count_max))
    }
}

impl Connector {
    /// Makes the server stop what that session runs, without waiting for it.
    pub(crate) fn cancel(&self, session: &Session) {
        let token = session.cancel_token();
        tokio::spawn(async move {
            let _stopped = token.cancel_query(tokio_postgres::NoTls).await;
        });
    }
}
