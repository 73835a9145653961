//! The names that a schema file and a query file need, nothing else.

#[cfg(feature = "chrono")]
pub use chrono::{DateTime, Utc};
pub use orm_core::exec::{Db, ExecuteInsert, Executor};
pub use orm_core::query::{Expression, InsertBuilder, Table};
pub use orm_macros::{Composite, Domain, Enum, FromRow, Table};
