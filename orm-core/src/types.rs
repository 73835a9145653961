//! Rust types and the SQL types they stand for: how a value is named, written and read.
//!
//! Knows bytes and `postgres_types`; knows no query and no connection. Start at [`Value`].

mod array;
pub mod cells;
mod composite;
mod custom;
mod enumeration;
#[cfg(feature = "json")]
mod json;
pub(crate) mod known;
pub mod nested;
mod number;
mod numeric;
mod record;
mod text;
#[cfg(feature = "chrono")]
mod time;
#[cfg(feature = "uuid")]
mod uuid;

use cells::{Cells, Decode};
use postgres_types::{FromSql, ToSql, Type};

pub use array::{Array, ArrayElement, ElementType};
pub use composite::{FieldReader, FieldWriter};
pub use custom::{
    Custom, Slot, base_type, custom_type, read_slot, slot_accepts, slot_data_type, slot_type,
    to_sql_checked, write_slot,
};
pub use enumeration::Enumeration;
#[cfg(feature = "json")]
pub use json::{Document, Json, Jsonb};
pub use known::Lookup;
pub use number::{Bool, Float4, Float8, Int2, Int4, Int8};
#[cfg(feature = "bigdecimal")]
pub use numeric::BigNumeric;
pub use numeric::{Numeric, NumericError};
pub use text::{Bytea, Text};
#[cfg(feature = "chrono")]
pub use time::{Date, Time, Timestamp, Timestamptz};
#[cfg(feature = "uuid")]
pub use uuid::Uuid;

/// An SQL type, as a type of its own that has no values. Only [`Numeric`] is both.
pub trait SqlType: 'static {
    /// Its name as SQL, as `format_type` spells it (manual, section 9.27.5).
    const NAME: &'static str;

    /// Its entry in `pg_type`.
    fn pg_type() -> Type;

    /// The entry of its array type, unless it is an array itself.
    fn array_type() -> Option<Type> {
        None
    }
}

/// A Rust type that a column can have.
///
/// `T` stands for NOT NULL, `Option<T>` for a nullable column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a column",
    label = "no SQL type is known for `{Self}`",
    note = "columns hold `bool`, `i16`, `i32`, `i64`, `f32`, `f64`, `orm::Numeric`, `String`, `Vec<u8>`, `Vec<T>`, `Option<T>` of these, and with the features of the same names the types of `chrono`, `uuid`, `json`, `rust_decimal` and `bigdecimal`; a type of your own derives `Enum`, `Domain` or `Composite`"
)]
pub trait Value:
    OfSqlType<<Self as Value>::Sql> + ToSql + for<'a> FromSql<'a> + Decode + Send + Sync + 'static
{
    /// The SQL type.
    type Sql: SqlType;
    /// The same without `Option`: `String` for `String` and for `Option<String>`.
    type NotNull: Value<Sql = Self::Sql>;
    /// The same with `Option`: what a column gives when its row may be missing.
    type Nullable: Value<Sql = Self::Sql>;
    /// `T`, or `Option` of it where NULL is a value of this type: the result of an operator that gives NULL for NULL.
    type Propagate<T: Value>: Value;
    /// Whether NULL is a value of it.
    const NULLABLE: bool;
    /// The type that a column of it is declared with: its SQL type, or a domain over that.
    const DATA_TYPE: &'static str = Self::Sql::NAME;

    /// Reads a value of a type that it accepts; `None` is NULL.
    ///
    /// # Errors
    /// Bytes that are no such value, a value that the Rust type cannot hold, NULL without `Option`.
    fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
        Self::from_sql_nullable(ty, raw)
    }
}

/// What writing and reading a value can fail with.
type Failure = Box<dyn std::error::Error + Sync + Send>;

/// [`Value::read`] as the driver's trait: for the elements of an array.
struct Element<V>(V);

impl<'a, V: Value> FromSql<'a> for Element<V> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        V::read(ty, Some(raw)).map(Self)
    }

    fn from_sql_null(ty: &Type) -> Result<Self, Failure> {
        V::read(ty, None).map(Self)
    }

    fn accepts(ty: &Type) -> bool {
        <V as FromSql>::accepts(ty)
    }
}

/// A Rust type whose SQL type is `S`: what [`Value::Sql`] says, as a trait with a parameter.
///
/// A bound on it fails with a message of ours, where an equality of associated types would not.
pub trait OfSqlType<S> {}

/// Makes a Rust type a [`Value`] of an SQL type, alone and as `Option`. A function that is named last reads it.
macro_rules! value {
    ($rust:ty => $sql:ty $(, $read:path)?) => {
        impl $crate::types::Value for $rust {
            type Sql = $sql;
            type NotNull = $rust;
            type Nullable = Option<$rust>;
            type Propagate<T: $crate::types::Value> = T;
            const NULLABLE: bool = false;
            $(
                fn read(
                    ty: &postgres_types::Type,
                    raw: Option<&[u8]>,
                ) -> Result<Self, $crate::types::Failure> {
                    match raw {
                        Some(raw) => $read(ty, raw),
                        None => Err(Box::new(postgres_types::WasNull)),
                    }
                }
            )?
        }
        impl $crate::types::Value for Option<$rust> {
            type Sql = $sql;
            type NotNull = $rust;
            type Nullable = Option<$rust>;
            type Propagate<T: $crate::types::Value> = T::Nullable;
            const NULLABLE: bool = true;
            $(
                fn read(
                    ty: &postgres_types::Type,
                    raw: Option<&[u8]>,
                ) -> Result<Self, $crate::types::Failure> {
                    raw.map(|raw| $read(ty, raw)).transpose()
                }
            )?
        }
        impl $crate::types::cells::Decode for $rust {
            fn decode(cells: &mut $crate::types::cells::Cells<'_>) -> $crate::Result<Self> {
                cells.value()
            }
        }
        impl $crate::types::cells::Decode for Option<$rust> {
            fn decode(cells: &mut $crate::types::cells::Cells<'_>) -> $crate::Result<Self> {
                cells.value()
            }
        }
        impl $crate::types::OfSqlType<$sql> for $rust {}
        impl $crate::types::OfSqlType<$sql> for Option<$rust> {}
        impl $crate::types::ArrayElement for $rust {
            type Element = $sql;
        }
    };
}

/// Declares an SQL type that `postgres_types` knows.
macro_rules! sql_type {
    ($(#[$doc:meta])* $name:ident, $sql:literal, $constant:ident) => {
        $(#[$doc])*
        pub enum $name {}
        impl $crate::types::SqlType for $name {
            const NAME: &'static str = $sql;
            fn pg_type() -> postgres_types::Type {
                postgres_types::Type::$constant
            }
            fn array_type() -> Option<postgres_types::Type> {
                Some(<Self as $crate::types::ElementType>::pg_array_type())
            }
        }
    };
}
use {sql_type, value};

/// Whether these bytes are a value of that type in PostgreSQL's binary format. Of a type that the program declares, only the
/// server knows.
pub(crate) fn is_value<V: Value>(bytes: &[u8]) -> bool {
    let ty = V::Sql::pg_type();
    Type::from_oid(ty.oid()).is_none()
        || (array::bounded(&ty, bytes).is_ok() && V::NotNull::from_sql(&ty, bytes).is_ok())
}

/// Writes a value, and sees to it that what is written can be read again.
///
/// # Errors
/// The value is of another type, cannot be written, or could not be read again.
pub(crate) fn write(
    value: &dyn ToSql,
    ty: &Type,
    out: &mut bytes::BytesMut,
) -> Result<postgres_types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
    #[cfg(feature = "json")]
    let start = out.len();
    let is_null = value.to_sql_checked(ty, out)?;
    #[cfg(feature = "json")]
    json::is_read_back(ty, out.get(start..).unwrap_or_default())?;
    Ok(is_null)
}

impl<V: ArrayElement> Decode for Vec<V>
where
    Array<V::Element>: SqlType,
{
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}

impl<V: ArrayElement> Decode for Option<Vec<V>>
where
    Array<V::Element>: SqlType,
{
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}
