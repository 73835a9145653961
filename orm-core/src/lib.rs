//! The runtime of `orm`: schema model, queries, their SQL, and running them on PostgreSQL.
//!
//! The rooms, each knowing only those to its left: `schema`, `types`, `query`, `sql`, `exec`.
//! `error` is known by all. Applications depend on the crate `orm`, which shows all of this.

mod error;
pub mod exec;
pub mod query;
pub mod registry;
pub mod schema;
pub mod sql;
pub mod types;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use error::{Error, ErrorKind, Result};
