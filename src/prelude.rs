//! The names that a schema file and a query file need, nothing else.

#[cfg(feature = "chrono")]
pub use chrono::{DateTime, Utc};
pub use orm_core::exec::{Db, ExecuteInsert, Executor};
#[cfg(feature = "chrono")]
pub use orm_core::query::function::now;
pub use orm_core::query::function::{count, count_of, lower, max, min};
pub use orm_core::query::{InsertBuilder, Table};
pub use orm_macros::{Composite, Domain, Enum, Table};
