//! Everything that generated code may name. Not part of the public API.

pub use crate::query::column::same_type; // emit/table.rs
pub use crate::query::insert::Values; // emit/insert.rs
pub use crate::query::node::{Field, Node, SourceRef}; // emit/table.rs, emit/columns.rs
pub use crate::query::relation::{BelongsTo, ForeignKeyTo, StartsAt, foreign_key}; // emit/relations.rs
pub use crate::query::scope::{B0, B1, Handle, Source}; // emit/table.rs
pub use crate::query::{
    Alias, Aliased, Assign, Column, InsertBuilder, Missing, Relation, RelationDefinition, Set,
    Table, TableColumn, ToMany, ToOne, ToOptional,
}; // emit/columns.rs, emit/insert.rs, emit/relations.rs, alias!
pub use crate::registry::Registered; // emit/table.rs
#[cfg(feature = "schema-json")]
pub use crate::registry::declared_schema_json; // orm-migrate's probe
pub use crate::schema; // emit/table.rs
pub use crate::types::Value; // emit/columns.rs
pub use crate::types::cells::{Cells, Decode}; // emit/row.rs
pub use crate::types::nested::{Nested, required}; // emit/row.rs
pub use crate::{Error, Result}; // emit/row.rs
pub use inventory; // emit/table.rs

use crate::schema::Text;
use crate::types::SqlType;
use std::borrow::Cow;

/// A column whose SQL type is that of its Rust type.
pub const fn column<C: TableColumn>(default: Option<&'static str>) -> schema::Column {
    column_with::<C>(None, default, None, None)
}

/// A column with all that an attribute can say of it.
pub const fn column_with<C: TableColumn>(
    data_type: Option<&'static str>,
    default: Option<&'static str>,
    identity: Option<schema::IdentityKind>,
    comment: Option<&'static str>,
) -> schema::Column {
    let data_type = match data_type {
        Some(data_type) => data_type,
        None => <C::Value as Value>::Sql::NAME,
    };
    schema::Column {
        name: Cow::Borrowed(C::NAME),
        data_type: Cow::Borrowed(data_type),
        nullable: <C::Value as Value>::NULLABLE,
        default: text(default),
        identity: match identity {
            Some(kind) => Some(schema::Identity::new(kind)),
            None => None,
        },
        generated: None,
        collation: None,
        comment: text(comment),
    }
}

/// An optional text of const data.
pub const fn text(text: Option<&'static str>) -> Option<Text> {
    match text {
        Some(text) => Some(Cow::Borrowed(text)),
        None => None,
    }
}

/// The type that a field is sent as.
pub fn pg_type<C: TableColumn>() -> postgres_types::Type {
    <C::Value as Value>::Sql::pg_type()
}

/// The next cell as the value of a column.
///
/// Generated code names the column rather than its type: an unsuitable type is then one error, at the field.
///
/// # Errors
/// As [`Cells::value`].
pub fn value<C: TableColumn>(cells: &mut Cells<'_>) -> Result<C::Value> {
    cells.value()
}

/// The value of `on_update = ..`, made by a Rust expression.
pub fn assigned<C: TableColumn>(value: impl Assign<C>) -> Node {
    value.into_assigned()
}
