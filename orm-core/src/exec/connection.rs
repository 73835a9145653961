//! [`Connection`]: one session of its own, outside any pool.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::{Config, errors};
use tokio_postgres::types::ToSql;

/// One session with the server, not shared and not pooled.
pub struct Connection {
    client: tokio_postgres::Client,
}

impl Connection {
    /// Opens a session.
    ///
    /// # Errors
    /// The server cannot be reached or refuses the user.
    pub async fn open(config: &Config) -> Result<Self> {
        let (client, driver) =
            config.inner.connect(tokio_postgres::NoTls).await.map_err(|error| {
                Error::new(ErrorKind::Connect, error.to_string()).because(error)
            })?;
        tokio::spawn(driver);
        Ok(Self { client })
    }

    /// The rows of one statement.
    ///
    /// # Errors
    /// What the server reports, with its message, detail, hint and position.
    pub async fn rows(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>> {
        self.client.query(sql, params).await.map_err(|error| errors::statement_failed(error, sql))
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        self.client.execute(sql, params).await.map_err(|error| errors::statement_failed(error, sql))
    }

    /// Runs statements without parameters, in one round trip by the simple protocol.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn batch(&self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).await.map_err(|error| errors::statement_failed(error, sql))
    }

    /// Whether the session has ended.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}
