//! Where the server is and how to talk to it.

use crate::error::{Error, ErrorKind, Result};
use std::time::Duration;

/// How to reach a server.
#[derive(Clone)]
pub struct Config {
    pub(crate) inner: tokio_postgres::Config,
    pub(crate) pool_size: usize,
    pub(crate) acquire_timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    pub(crate) statement_count_max: usize,
}

impl Config {
    /// Reads a connection URL (manual, section 34.1.1.2).
    ///
    /// # Errors
    /// A URL that cannot be read; the message never holds the password.
    pub fn from_url(url: &str) -> Result<Self> {
        let inner = url.parse().map_err(|error: tokio_postgres::Error| {
            Error::new(ErrorKind::Config, error.to_string())
        })?;
        Ok(Self {
            inner,
            pool_size: 10,
            acquire_timeout: Duration::from_secs(30),
            idle_timeout: Some(Duration::from_secs(30)),
            max_lifetime: None,
            statement_count_max: 256,
        })
    }
}
