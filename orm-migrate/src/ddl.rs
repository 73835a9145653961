//! Changes and tables -> SQL: the one place where DDL is made. Pure. `plan` puts it in order.
//!
//! Names quote themselves (`Ident`, `Qualified`); expressions and types are SQL already.

pub mod alter;
pub mod backfill;
pub mod cast;
mod column;
pub mod computed;
mod constraint;
pub mod expand;
mod index;
pub mod object;
pub mod online;
pub mod part;
pub mod policy;
pub mod rename;
pub mod serial;
mod table;
pub mod time_zone;
pub mod trigger;

pub use column::column;
pub use constraint::{check, exclusion, foreign_key, primary_key, unique};
pub use index::index;
pub use table::{comments, create_table, unchecked};

use orm_core::sql::ident::Ident;

/// `CREATE SCHEMA IF NOT EXISTS ..`.
pub fn create_schema(name: &str) -> String {
    format!("CREATE SCHEMA IF NOT EXISTS {}", Ident(name))
}

/// `"a", "b"`.
fn names(names: &[orm_core::schema::Text]) -> String {
    names.iter().map(|name| Ident(name).to_string()).collect::<Vec<_>>().join(", ")
}
