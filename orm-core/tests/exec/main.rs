//! Connecting, the pool, transactions and errors, on a real PostgreSQL that the tests start themselves.

#[cfg(feature = "tls")]
mod certificates;
mod connecting;
mod copy;
mod copying;
mod dirt;
mod dropped;
mod effects;
mod executor;
mod hostile;
mod liar;
mod numeric;
mod pgbouncer;
mod pool;
mod raw;
mod runtimes;
mod server;
mod shared;
mod statements;
#[cfg(feature = "tls")]
mod tls;
mod transaction;
