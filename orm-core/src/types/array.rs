//! Arrays: manual, section 8.15. `Vec<T>` is an array without NULLs in one dimension.

use super::{OfSqlType, SqlType, Value};
use postgres_types::Type;
use std::marker::PhantomData;

/// The array type of `S`.
pub struct Array<S>(PhantomData<S>);

/// A Rust type that can be an element of an array column.
#[diagnostic::on_unimplemented(
    message = "`Vec<{Self}>` cannot be the type of a column",
    label = "`{Self}` is not the element of an array"
)]
pub trait ArrayElement: Value {
    /// What the array is an array of: the SQL type, or a domain over it.
    type Element: 'static;
}

/// An SQL type, or a domain, that has an array type.
pub trait ElementType: 'static {
    /// The name of the array type as SQL.
    const ARRAY_NAME: &'static str;

    /// The array's entry in `pg_type`.
    fn pg_array_type() -> Type;
}

impl<S: ElementType> SqlType for Array<S> {
    const NAME: &'static str = S::ARRAY_NAME;

    fn pg_type() -> Type {
        S::pg_array_type()
    }
}

macro_rules! array_type {
    ($($element:ty, $sql:literal, $constant:ident;)*) => {$(
        impl ElementType for $element {
            const ARRAY_NAME: &'static str = $sql;
            fn pg_array_type() -> Type {
                Type::$constant
            }
        }
    )*};
}

array_type! {
    super::Bool, "boolean[]", BOOL_ARRAY;
    super::Int2, "smallint[]", INT2_ARRAY;
    super::Int4, "integer[]", INT4_ARRAY;
    super::Int8, "bigint[]", INT8_ARRAY;
    super::Float4, "real[]", FLOAT4_ARRAY;
    super::Float8, "double precision[]", FLOAT8_ARRAY;
    super::Text, "text[]", TEXT_ARRAY;
    super::Bytea, "bytea[]", BYTEA_ARRAY;
}

#[cfg(feature = "chrono")]
array_type! {
    super::Timestamptz, "timestamp with time zone[]", TIMESTAMPTZ_ARRAY;
    super::Timestamp, "timestamp without time zone[]", TIMESTAMP_ARRAY;
    super::Date, "date[]", DATE_ARRAY;
    super::Time, "time without time zone[]", TIME_ARRAY;
}

#[cfg(feature = "uuid")]
array_type! { super::Uuid, "uuid[]", UUID_ARRAY; }

#[cfg(feature = "json")]
array_type! { super::Jsonb, "jsonb[]", JSONB_ARRAY; }

impl<V: ArrayElement> Value for Vec<V>
where
    Array<V::Element>: SqlType,
{
    type Sql = Array<V::Element>;
    type NotNull = Self;
    type Nullable = Option<Self>;
    const NULLABLE: bool = false;
}

impl<V: ArrayElement> Value for Option<Vec<V>>
where
    Array<V::Element>: SqlType,
{
    type Sql = Array<V::Element>;
    type NotNull = Vec<V>;
    type Nullable = Self;
    const NULLABLE: bool = true;
}

impl<V: ArrayElement> OfSqlType<Array<V::Element>> for Vec<V> {}
impl<V: ArrayElement> OfSqlType<Array<V::Element>> for Option<Vec<V>> {}
