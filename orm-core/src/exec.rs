//! Runs statements: the only room that touches `tokio_postgres`. Start at [`Db`].
//!
//! `config` and `url` say where the server is, `connect`, `wire` and `tls` get there, `session` is one connection,
//! `trees` runs queries of this library on it and `statements` keeps what was prepared there, `lookup` asks the catalog for types, `params` are values on their way,
//! `pool` holds several, `executor` is what queries are handed to, `run` has their terminal methods, `raw` those of SQL by hand,
//! `lookup` asks the catalog for types, `params` are values on their way,
//! `pool` holds several, `sharing` has those that several callers use at a time (each is a `shared`),
//! `executor` is what queries are handed to, `run` has their terminal methods, `raw` those of SQL by hand,
//! `rows` reads what arrives and `row` is one row of it. What keeps a session fit for its next user: `effects` knows which SQL
//! leaves something behind, `state` what a session needs, `renew` does it, `cancel` stops what still runs.

mod advisory;
mod batch;
mod bulk;
mod cancel;
mod config;
mod connect;
mod connection;
mod copy;
mod copy_in;
mod copy_out;
mod copy_rows;
mod cursor;
mod driver;
mod each;
mod effects;
mod errors;
mod executor;
mod explain;
mod hidden;
mod levels;
mod links;
mod load;
mod lookup;
mod nested_insert;
mod page;
mod params;
mod pool;
mod pooled;
mod prepared;
mod raw;
mod renew;
mod row;
mod rows;
mod run;
mod session;
mod shared;
mod sharing;
mod sink;
mod state;
mod statements;
#[cfg(feature = "tls")]
mod tls;
mod transaction;
mod trees;
mod url;
mod wire;

pub use advisory::AdvisoryKey;
pub use batch::{Batch, batch};
pub use config::{Config, ConfigBuilder, IntoConfig, Profile, SslMode};
pub use connection::Connection;
pub use copy_in::{CopyIn, RowEncoder, raw_copy_in, raw_copy_in_stream};
pub use copy_out::CopyOut;
pub use copy_rows::{copy_in, copy_in_stream, copy_out};
pub use cursor::ServerCursor;
pub use executor::{Executor, Lease, Leasing};
pub use explain::Explain;
pub use pool::Status;
pub use pooled::PooledConnection;
pub use raw::RawSql;
pub use row::{ColumnIndex, ReadRow, Row};
pub use rows::Rows;
pub use run::ExecuteInsert;
pub use session::Session;
pub use statements::Cache;
pub use transaction::{Isolation, Transaction, TransactionOptions};

/// The driver, whose version is the one that this crate uses.
pub use tokio_postgres;
/// A row as the driver gives it: [`ReadRow`] reads it too.
pub use tokio_postgres::Row as DriverRow;
/// The types of PostgreSQL, and how values are written and read: `ToSql`, `FromSql`, `Type`.
pub use tokio_postgres::types as postgres_types;

use crate::error::Result;
use connect::Connector;
use hidden::Pooling;
use pool::Pool;
use std::sync::Arc;

/// A database: the handle that programs hold and queries are handed to.
///
/// It is a pool of connections that are made when they are needed; cloning it is cheap and shares the pool.
#[derive(Clone)]
pub struct Db {
    pool: Arc<dyn Pooling>,
}

impl Db {
    /// The database with that URL or those settings, after one connection has shown that it can be reached.
    ///
    /// ```no_run
    /// # use orm_core::exec::{Config, Db};
    /// # async fn run() -> orm_core::Result<()> {
    /// let db = Db::connect("postgres://app@localhost/app").await?;
    /// let config = Config::builder().url("postgres://app@localhost/app").max_connections(20).build()?;
    /// let other = Db::connect(config).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A wrong URL, a refused connection, a wrong password, a certificate that is not accepted: each its own kind.
    pub async fn connect(settings: impl IntoConfig) -> Result<Self> {
        let db = Self::connect_lazy(settings)?;
        db.connection().await?;
        Ok(db)
    }

    /// The database with that URL or those settings; no connection is made before the first query.
    ///
    /// # Errors
    /// A wrong URL; a setting that cannot be used, such as a root certificate that cannot be read.
    pub fn connect_lazy(settings: impl IntoConfig) -> Result<Self> {
        let connector = Connector::new(settings.into_config()?)?;
        Ok(Self { pool: Arc::new(Arc::new(Pool::new(connector)?)) })
    }

    /// The database at the URL in `POSTGRES_URL`, or else in `DATABASE_URL`, as [`connect`](Self::connect).
    ///
    /// # Errors
    /// Neither variable is set, or as [`connect`](Self::connect).
    pub async fn from_env() -> Result<Self> {
        Self::connect(Config::from_env()?).await
    }

    fn pool(&self) -> &Arc<Pool> {
        self.pool.pool()
    }

    /// The settings one by one: `Db::builder().url(..).max_connections(20).connect().await`.
    pub fn builder() -> ConfigBuilder {
        Config::builder()
    }

    /// A connection of one's own for a while; dropped, it goes back to the pool.
    ///
    /// # Errors
    /// None came free in `acquire_timeout`, or none could be made.
    pub async fn connection(&self) -> Result<PooledConnection> {
        self.pool().acquire().await
    }

    /// The settings it was made with, for instance to open a session outside of the pool with them.
    pub fn config(&self) -> &Config {
        self.pool().config()
    }

    /// What the pool holds now.
    pub fn status(&self) -> Status {
        self.pool().status()
    }

    /// Ends the idle connections and waits until they are gone; those in use end when they come back.
    /// Every query that is begun later fails with [`ErrorKind::Closed`](crate::ErrorKind::Closed).
    pub async fn close(&self) {
        self.pool().close().await;
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.status()).finish()
    }
}
