//! Runs statements: the only room that touches `tokio_postgres`. Start at [`Db`].

mod config;
mod connection;
mod errors;

pub use config::Config;
pub use connection::Connection;
