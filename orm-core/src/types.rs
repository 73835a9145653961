//! Rust types and the SQL types they stand for: how a value is named, written and read.
//!
//! Knows bytes and `postgres_types`; knows no query and no connection. Start at [`Value`].

mod array;
mod binary;
mod bits;
mod borrowed;
pub mod cells;
mod composite;
mod concat;
mod custom;
mod declared;
mod driver;
pub(crate) mod elements;
mod enumeration;
mod fixed;
mod geometric;
mod hstore;
mod integer;
mod interval;
mod invalid;
#[cfg(feature = "json")]
mod json;
pub(crate) mod known;
pub(crate) mod levels;
mod lsn;
mod ltree;
mod money;
mod nd_array;
pub mod nested;
mod network;
mod newtype;
mod number;
mod numeric;
pub(crate) mod oid;
mod parameter;
mod postgis;
mod range;
mod record;
mod search;
mod single_byte;
mod text;
mod time;
#[cfg(feature = "uuid")]
mod uuid;
mod vector;
mod xml;

use cells::Decode;
use postgres_types::FromSql;
use std::fmt::Debug;

pub use bytes::BytesMut;
pub use postgres_types::{IsNull, Type};

pub use array::{Array, ArrayElement, ElementType};
pub(crate) use array::{each_element, put_quoted};
pub use bits::{Bits, BitsError};
pub use borrowed::DecodeBorrowed;
pub use composite::{FieldReader, FieldWriter};
pub use custom::{
    CustomType, Own, Slot, base_type, custom_type, from_sql, read_slot, slot_accepts,
    slot_data_type, slot_type, to_sql, write_slot,
};
pub use declared::DeclaredType;
pub(crate) use declared::{is_sent_as_text, plain_name};
pub use enumeration::{Enumeration, TEXTS};
pub use geometric::{BoundingBox, Circle, Line, LineSegment, Path, Point, Polygon};
pub use hstore::Hstore;
pub use integer::{Int1, UInt1, UInt2, UInt4, UInt8};
pub use interval::{Interval, IntervalError};
pub use invalid::InvalidValue;
#[cfg(feature = "json")]
pub use json::{Document, Json, Jsonb};
pub use known::Lookup;
pub use lsn::{PgLsn, PgLsnError};
pub use ltree::{Lquery, Ltree, Ltxtquery};
pub use money::Money;
pub use nd_array::{Dimension, NdArray, NdArrayError};
pub use network::{Cidr, Inet, MacAddr, MacAddr8};
pub use newtype::{Newtype, NewtypeOf, slot_declared_as};
pub use number::{Bool, Float4, Float8, Int2, Int4, Int8};
pub use numeric::{Numeric, NumericError};
pub use oid::{
    Oid, RegClass, RegCollation, RegConfig, RegDictionary, RegNamespace, RegOper, RegOperator,
    RegProc, RegProcedure, RegRole, RegType,
};
pub(crate) use parameter::Erased;
pub(crate) use parameter::InColumn;
pub use parameter::{ArrayOf, Parameter};
pub use postgis::{Geography, Geometry, Shape, Wkb, WkbError};
pub use range::{DateMultirange, DateRange, TsMultirange, TsRange, TstzMultirange, TstzRange};
pub use range::{
    Int4Multirange, Int4Range, Int8Multirange, Int8Range, Multirange, NumMultirange, NumRange,
    Range, RangeElement, Step,
};
pub use search::{
    SearchTextError, TsQuery, TsQueryPart, TsVector, TsVectorError, TsVectorWord, Weight,
};
pub use single_byte::{Char, CharError};
pub use text::{Bytea, Text};
pub use time::{
    Clock, Counted, Date, Dated, OrInfinity, Time, TimeError, TimeOfDay, TimeTz, Timestamp,
    Timestamptz,
};
#[cfg(feature = "uuid")]
pub use uuid::Uuid;
pub use vector::{HalfVector, SparseVector, SparseVectorError, Vector};
pub use xml::Xml;

/// An SQL type, as a type of its own that has no values. Types such as [`Numeric`] and [`Vector`] are both.
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

/// PostgreSQL compares values of the SQL type `Self` with each other: it has `=` for them, and nearly always an order.
///
/// `json`, `xml`, `point` and a few others have none. What is compared, looked for in a list or sorted is of a type that has it.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `=` for the SQL type `{Self}`: its values are neither compared nor sorted",
    label = "`{Self}` has no `=`",
    note = "compare what has one: a text of it, `.cast::<String>()`, or a part of it by a function; shapes are compared by `same_as(..)`"
)]
pub trait HasEquality {}

/// A Rust type that a column can have.
///
/// `T` stands for NOT NULL, `Option<T>` for a nullable column. It is implemented for the types of this module; a type of a
/// program's own implements [`CustomType`], or derives `Enum`, `Domain`, `Composite` or `Newtype`, and so has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a column",
    label = "no SQL type is known for `{Self}`",
    note = "docs/types.md lists the types of columns and their features; a type of your own derives `Enum`, `Domain`, `Composite` or `Newtype`, or implements `CustomType`",
    note = "instead of `usize`, `isize`, `i128` and `char` use `u64`, `i64`, `orm::Numeric` and `String`"
)]
pub trait Value: OfSqlType<<Self as Value>::Sql> + Debug + Decode + Send + Sync + 'static {
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
    /// The other types that a column of it can be declared with, without modifiers; of an array those of its elements.
    const DECLARED_AS: &'static [&'static str] = &[];

    /// Its values are read and written as texts, and this is what a column of it is cast to where it is selected: `text`, or
    /// `text[]` for an array.
    const AS_TEXT: Option<&'static str> = None;

    /// The type that a parameter is sent as, where its place does not say.
    fn parameter_type() -> Type {
        Self::Sql::pg_type()
    }

    /// The type that an array of parameters is sent as, where there is one.
    fn array_type() -> Option<Type> {
        Self::Sql::array_type()
    }

    /// Whether it is read and written as a value of that type, below all domains.
    fn accepts(ty: &Type) -> bool;

    /// Reads a value of a type that it accepts; `None` is NULL.
    ///
    /// # Errors
    /// Bytes that are no such value, a value that the Rust type cannot hold, NULL without `Option`.
    fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure>;

    /// Writes it as a value of a type that it accepts.
    ///
    /// # Errors
    /// A value that the type cannot hold.
    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure>;
}

/// What writing and reading a value can fail with.
pub type Failure = Box<dyn std::error::Error + Sync + Send>;

/// [`Value::read`] as the driver's trait.
struct Read<V>(V);

impl<'a, V: Value> FromSql<'a> for Read<V> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        V::read(ty, Some(raw)).map(Self)
    }

    fn from_sql_null(ty: &Type) -> Result<Self, Failure> {
        V::read(ty, None).map(Self)
    }

    fn accepts(ty: &Type) -> bool {
        V::accepts(ty)
    }
}

/// A Rust type whose SQL type is `S`: what [`Value::Sql`] says, as a trait with a parameter.
///
/// A bound on it fails with a message of ours, where an equality of associated types would not.
pub trait OfSqlType<S> {}

/// Makes a Rust type a [`Value`] of an SQL type, alone, as `Option` and as the element of an array. How it is read and written
/// is what the driver's traits say, unless a `mod` is named last that has `accepts`, `read` and `write`.
macro_rules! value {
    ($rust:ty => $sql:ty $(, declared_as $declared:expr)?) => {
        $crate::types::value!(@value $rust, $sql, [$($declared)?], {
            fn accepts(ty: &postgres_types::Type) -> bool {
                <$rust as postgres_types::FromSql>::accepts(ty)
            }

            fn read(
                ty: &postgres_types::Type,
                raw: Option<&[u8]>,
            ) -> Result<Self, $crate::types::Failure> {
                <Self as postgres_types::FromSql>::from_sql_nullable(ty, raw)
            }

            fn write(
                &self,
                ty: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<postgres_types::IsNull, $crate::types::Failure> {
                postgres_types::ToSql::to_sql(self, ty, out)
            }
        }, {
            fn accepts(ty: &postgres_types::Type) -> bool {
                <$rust as postgres_types::FromSql>::accepts(ty)
            }

            fn read(
                ty: &postgres_types::Type,
                raw: Option<&[u8]>,
            ) -> Result<Self, $crate::types::Failure> {
                <Self as postgres_types::FromSql>::from_sql_nullable(ty, raw)
            }

            fn write(
                &self,
                ty: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<postgres_types::IsNull, $crate::types::Failure> {
                postgres_types::ToSql::to_sql(self, ty, out)
            }
        });
        $crate::types::array_element!($rust => $sql);
    };
    ($rust:ty => $sql:ty, declared_as $declared:expr, by $($codec:ident)::+) => {
        $crate::types::value!(@by $rust, $sql, $declared, $($codec)::+);
        $crate::types::array_element!($rust => $sql);
    };
    (@by $rust:ty, $sql:ty, $declared:expr, $($codec:ident)::+) => {
        $crate::types::value!(@value $rust, $sql, [$declared], {
            fn accepts(ty: &postgres_types::Type) -> bool {
                $($codec)::+::accepts::<$rust>(ty)
            }

            fn read(
                ty: &postgres_types::Type,
                raw: Option<&[u8]>,
            ) -> Result<Self, $crate::types::Failure> {
                $($codec)::+::read(ty, raw.ok_or(postgres_types::WasNull)?)
            }

            fn write(
                &self,
                ty: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<postgres_types::IsNull, $crate::types::Failure> {
                $($codec)::+::write(self, ty, out)?;
                Ok(postgres_types::IsNull::No)
            }
        }, {
            fn accepts(ty: &postgres_types::Type) -> bool {
                $($codec)::+::accepts::<$rust>(ty)
            }

            fn read(
                ty: &postgres_types::Type,
                raw: Option<&[u8]>,
            ) -> Result<Self, $crate::types::Failure> {
                raw.map(|raw| $($codec)::+::read(ty, raw)).transpose()
            }

            fn write(
                &self,
                ty: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> Result<postgres_types::IsNull, $crate::types::Failure> {
                let Some(value) = self else { return Ok(postgres_types::IsNull::Yes) };
                $($codec)::+::write(value, ty, out)?;
                Ok(postgres_types::IsNull::No)
            }
        });
    };
    (@value $rust:ty, $sql:ty, [$($declared:expr)?], {$($codec:tt)*}, {$($nullable:tt)*}) => {
        impl $crate::types::Value for $rust {
            type Sql = $sql;
            type NotNull = $rust;
            type Nullable = Option<$rust>;
            type Propagate<T: $crate::types::Value> = T;
            const NULLABLE: bool = false;
            $(const DECLARED_AS: &'static [&'static str] = $declared;)?
            $($codec)*
        }
        impl $crate::types::Value for Option<$rust> {
            type Sql = $sql;
            type NotNull = $rust;
            type Nullable = Option<$rust>;
            type Propagate<T: $crate::types::Value> = T::Nullable;
            const NULLABLE: bool = true;
            $(const DECLARED_AS: &'static [&'static str] = $declared;)?
            $($nullable)*
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
    };
}

/// Makes a [`Value`] the element of arrays, and `Option` of it: elements may be NULL.
macro_rules! array_element {
    ($rust:ty => $sql:ty) => {
        impl $crate::types::ArrayElement for $rust {
            type Element = $sql;
        }
        impl $crate::types::ArrayElement for Option<$rust> {
            type Element = $sql;
        }
    };
}

/// Declares an SQL type that `postgres_types` knows: its name, its entry in `pg_type` and that of its array. With `for` the type
/// is there, and stands for itself. With `no equality` at the end the server has no `=` for it.
macro_rules! sql_type {
    (for $name:ty, $sql:literal, $constant:ident, $array:ident) => {
        $crate::types::sql_type!(for $name, $sql, $constant, $array, no equality);
        impl $crate::types::HasEquality for $name {}
    };
    (for $name:ty, $sql:literal, $constant:ident, $array:ident, no equality) => {
        impl $crate::types::SqlType for $name {
            const NAME: &'static str = $sql;
            fn pg_type() -> postgres_types::Type {
                postgres_types::Type::$constant
            }
            fn array_type() -> Option<postgres_types::Type> {
                Some(postgres_types::Type::$array)
            }
        }
        impl $crate::types::ElementType for $name {
            const ARRAY_NAME: &'static str = concat!($sql, "[]");
            fn pg_array_type() -> postgres_types::Type {
                postgres_types::Type::$array
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $sql:literal, $constant:ident, $array:ident $(, no $equality:ident)?) => {
        $(#[$doc])*
        pub enum $name {}
        $crate::types::sql_type!(for $name, $sql, $constant, $array $(, no $equality)?);
    };
}

/// Makes a [`CustomType`] an SQL type that stands for itself: one of an extension, whose OID only the server knows. With
/// `no equality` at the end the server has no `=` for it.
macro_rules! extension_type {
    ($name:ty, $sql:literal) => {
        impl $crate::types::HasEquality for $name {}
        $crate::types::extension_type!($name, $sql, no equality);
    };
    ($name:ty, $sql:literal, no equality) => {
        impl $crate::types::SqlType for $name {
            const NAME: &'static str = $sql;
            fn pg_type() -> postgres_types::Type {
                $crate::types::declared::known($sql).ty()
            }
            fn array_type() -> Option<postgres_types::Type> {
                Some($crate::types::declared::known($sql).array())
            }
        }
        impl $crate::types::ElementType for $name {
            const ARRAY_NAME: &'static str = concat!($sql, "[]");
            fn pg_array_type() -> postgres_types::Type {
                $crate::types::declared::known($sql).array()
            }
        }
    };
}
use {array_element, extension_type, sql_type, value};

/// Whether these bytes are a value of that type in PostgreSQL's binary format. Of a type that the program declares, only the
/// server knows.
pub(crate) fn is_value<V: Value>(bytes: &[u8]) -> bool {
    let ty = V::Sql::pg_type();
    Type::from_oid(ty.oid()).is_none() || V::NotNull::read(&ty, Some(bytes)).is_ok()
}

/// Writes a value of the driver's, and sees to it that what is written can be read again.
///
/// # Errors
/// The value is of another type, cannot be written, or could not be read again.
pub(crate) fn write(
    value: &dyn postgres_types::ToSql,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Failure> {
    #[cfg(feature = "json")]
    let start = out.len();
    let is_null = value.to_sql_checked(ty, out)?;
    #[cfg(feature = "json")]
    json::is_read_back(ty, out.get(start..).unwrap_or_default())?;
    Ok(is_null)
}
