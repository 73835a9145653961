//! The names that a schema file and a query file need, nothing else.

#[cfg(feature = "chrono")]
pub use chrono::{DateTime, Utc};
pub use orm_core::exec::{Db, ExecuteInsert, Executor};
#[cfg(feature = "json")]
pub use orm_core::query::JsonOperators;
pub use orm_core::query::{
    ContainerOperators, Expression, GeometricOperators, HstoreOperators, InsertBuilder, InsertRow,
    LtreeOperators, NetworkOperators, PostgisOperators, RangeOperators, Table, TextOperators,
    VectorOperators,
};
pub use orm_macros::{
    Columns, Composite, Domain, Enum, FromRow, Insertable, Newtype, Patch, Table,
};
