//! Everything that generated code may name. Not part of the public API.

pub use crate::query::column::same_type; // emit/table.rs
pub use crate::query::insert::Values; // emit/insert.rs
pub use crate::query::node::{Field, Node, Param, SourceRef}; // emit/table.rs, emit/columns.rs
pub use crate::query::relation::{BelongsTo, nested}; // emit/relations.rs
pub use crate::query::scope::{B0, B1, Source}; // emit/table.rs
pub use crate::query::{
    Alias, Aliased, Assign, Column, InsertBuilder, Missing, Provided, Relation, RelationDefinition,
    Set, Table, TableColumn, ToMany, ToOne, ToOptional,
}; // emit/columns.rs, emit/insert.rs, emit/relations.rs, alias!
pub use crate::registry::Registered; // emit/table.rs
#[cfg(feature = "schema-json")]
pub use crate::registry::declared_schema_json; // orm-migrate's probe
pub use crate::schema; // emit/table.rs
pub use crate::types::cells::{Cells, Decode, Nested}; // emit/row.rs
pub use crate::types::record::required; // emit/row.rs
pub use crate::types::{SqlType, Value}; // emit/columns.rs
pub use crate::{Error, Result}; // emit/row.rs
pub use inventory; // emit/table.rs
