//! Connecting, the pool, transactions and errors, on a real PostgreSQL that the tests start themselves.

#[cfg(feature = "tls")]
mod certificates;
mod connecting;
mod copy;
mod dirt;
mod dropped;
mod executor;
mod hostile;
mod liar;
mod numeric;
mod pgbouncer;
mod pool;
mod runtimes;
mod server;
mod statements;
#[cfg(feature = "tls")]
mod tls;
mod transaction;
