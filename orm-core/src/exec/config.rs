//! Where the server is and how to talk to it.

use crate::error::{Error, ErrorKind, Result};

/// How to reach a server.
#[derive(Clone)]
pub struct Config {
    pub(crate) inner: tokio_postgres::Config,
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
        Ok(Self { inner })
    }
}
