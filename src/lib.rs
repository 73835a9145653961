//! The object-relational mapper for Rust and PostgreSQL: tables in code, typed queries, generated migrations.
//!
//! ```
//! use orm::prelude::*;
//!
//! #[derive(Table, Debug, Clone, PartialEq)]
//! pub struct User {
//!     #[column(primary_key)]
//!     pub id: String,
//!     #[column(unique)]
//!     pub email: String,
//! }
//!
//! let query = User::query().filter(User::email.eq("ada@example.com"));
//! assert_eq!(
//!     query.to_sql(),
//!     r#"SELECT "user"."id", "user"."email" FROM "user" WHERE "user"."email" = $1"#
//! );
//! ```

extern crate self as orm;

pub mod prelude;

#[doc(hidden)]
pub use orm_core::__private;
pub use orm_core::custom_type;
pub use orm_core::exec::{self, *};
pub use orm_core::query::{self, *};
pub use orm_core::types::{CustomType, Interval, Multirange, Numeric, OrInfinity, Range};
pub use orm_core::{Error, ErrorKind, Result, declare, registry, renamed, schema, sql, types};
#[doc(hidden)]
pub use orm_macros::flattened as __flattened;
pub use orm_macros::{
    Columns, Composite, Domain, Enum, FromRow, Insertable, Newtype, Patch, Table, alias, function,
    sql,
};

/// The code of the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// So does that of the guide to migrations.
#[cfg(doctest)]
#[doc = include_str!("../orm-migrate/docs/guide.md")]
struct Guide;

/// So does that of the guide to queries, page by page; what it asserts holds.
#[cfg(doctest)]
mod queries {
    #[doc = include_str!("../docs/queries/index.md")]
    struct Index;
    #[doc = include_str!("../docs/queries/select.md")]
    struct Select;
    #[doc = include_str!("../docs/queries/joins.md")]
    struct Joins;
    #[doc = include_str!("../docs/queries/relations.md")]
    struct Relations;
    #[doc = include_str!("../docs/queries/grouping.md")]
    struct Grouping;
    #[doc = include_str!("../docs/queries/windows.md")]
    struct Windows;
    #[doc = include_str!("../docs/queries/subqueries.md")]
    struct Subqueries;
    #[doc = include_str!("../docs/queries/expressions.md")]
    struct Expressions;
    #[doc = include_str!("../docs/queries/extensions.md")]
    struct Extensions;
    #[doc = include_str!("../docs/queries/ranges.md")]
    struct Ranges;
    #[doc = include_str!("../docs/queries/writing.md")]
    struct Writing;
    #[doc = include_str!("../docs/queries/nested_writes.md")]
    struct NestedWrites;
    #[doc = include_str!("../docs/queries/reading.md")]
    struct Reading;
    #[doc = include_str!("../docs/queries/from_sql.md")]
    struct FromSql;
    #[doc = include_str!("../docs/queries/from_drizzle.md")]
    struct FromDrizzle;
    #[doc = include_str!("../docs/queries/from_diesel.md")]
    struct FromDiesel;
}
