//! [`CustomType`]: the one trait of a column's type that a program adds. `#[derive(Enum)]`, `#[derive(Domain)]`,
//! `#[derive(Composite)]` and `#[derive(Newtype)]` implement it.
//!
//! A type that the database declares has no OID that the program could know. Its values are sent without one, and the server
//! takes the type from where the parameter stands; what comes back is read by the Rust type that is expected.

use super::cells::{Cells, Decode, DecodeOptional};
use super::concat::ConstText;
use super::declared;
use super::{ArrayElement, ElementType, Failure, OfSqlType, SqlType, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Kind, Oid, Type, WasNull, WrongType};
use std::fmt::Debug;
use std::marker::PhantomData;

/// A Rust type as a type of columns: what a program implements for a type that neither this library nor a derive has.
///
/// With it come `Option` of the type, arrays of it, its values as operands and arguments, as parameters, in COPY and in nested
/// rows. Values travel in PostgreSQL's binary format: that of a type is what its `typsend` function writes (manual, section
/// "CREATE TYPE"; the sources of the type say which bytes these are).
///
/// ```
/// use orm_core::types::{BytesMut, CustomType, Failure, Own, Type};
///
/// /// The time of the day in a `timetz`, as seconds after midnight and seconds east of Greenwich.
/// #[derive(Debug, Clone, PartialEq)]
/// struct ZonedTime {
///     seconds: f64,
///     east: i32,
/// }
///
/// impl CustomType for ZonedTime {
///     type Sql = Own<Self>;
///     type Element = Own<Self>;
///     const DATA_TYPE: &'static str = "timetz";
///
///     fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
///         let (time, west) = raw.split_first_chunk::<8>().ok_or("a timetz has 12 bytes")?;
///         let west = i32::from_be_bytes(west.try_into()?);
///         Ok(Self { seconds: i64::from_be_bytes(*time) as f64 / 1e6, east: -west })
///     }
///
///     fn write(&self, _: &Type, out: &mut BytesMut) -> Result<(), Failure> {
///         out.extend_from_slice(&((self.seconds * 1e6) as i64).to_be_bytes());
///         out.extend_from_slice(&(-self.east).to_be_bytes());
///         Ok(())
///     }
/// }
///
/// // Its values can be compared with columns of it.
/// orm_core::custom_type!(ZonedTime);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a column",
    label = "no SQL type is known for `{Self}`",
    note = "docs/types.md lists the types of columns and their features; a type of your own derives `Enum`, `Domain`, `Composite` or `Newtype`, or implements `CustomType`",
    note = "instead of `usize`, `isize`, `i128` and `char` use `u64`, `i64`, `orm::Numeric` and `String`"
)]
pub trait CustomType: Debug + Send + Sync + Sized + 'static {
    /// The SQL type that its values are compared as: [`Own<Self>`](Own), of values that are compared with each other.
    type Sql: SqlType;
    /// The same for arrays of it: [`Own<Self>`](Own). The derives name others. Where it is no [`ElementType`] there are no
    /// arrays.
    type Element: 'static;
    /// The type that a column of it is declared with, as SQL. Its schema is part of it, unless `search_path` finds it.
    const DATA_TYPE: &'static str;
    /// The other types that a column of it can be declared with, without modifiers.
    const DECLARED_AS: &'static [&'static str] = &[];

    /// The type that a parameter is sent as, where its place does not say.
    fn parameter_type() -> Type {
        declared::known(Self::DATA_TYPE).ty()
    }

    /// Whether it is read and written as a value of that type, which is below all domains.
    fn accepts(ty: &Type) -> bool {
        declared::known(Self::DATA_TYPE).is(ty)
    }

    /// Reads a value of a type that it accepts.
    ///
    /// # Errors
    /// Bytes that are no such value, or one that the Rust type cannot hold.
    fn read(ty: &Type, raw: &[u8]) -> Result<Self, Failure>;

    /// Writes it as a value of a type that it accepts.
    ///
    /// # Errors
    /// A value that the type cannot hold: it is found before anything is sent.
    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure>;
}

/// The SQL type of a [`CustomType`] that is compared only with itself.
pub struct Own<T>(PhantomData<T>);

impl<T: CustomType> SqlType for Own<T> {
    const NAME: &'static str = T::DATA_TYPE;

    fn pg_type() -> Type {
        declared::known(T::DATA_TYPE).ty()
    }

    fn array_type() -> Option<Type> {
        Some(Self::pg_array_type())
    }
}

impl<T: CustomType> super::HasEquality for Own<T> {}

impl<T: CustomType> Own<T> {
    const ARRAY: &'static ConstText = &ConstText::concat(T::DATA_TYPE, "[]");
}

impl<T: CustomType> ElementType for Own<T> {
    const ARRAY_NAME: &'static str = Self::ARRAY.as_str();

    fn pg_array_type() -> Type {
        declared::known(T::DATA_TYPE).array()
    }
}

#[diagnostic::do_not_recommend]
impl<T: CustomType> Value for T {
    type Sql = T::Sql;
    type NotNull = T;
    type Nullable = Option<T>;
    type Propagate<Other: Value> = Other;
    const NULLABLE: bool = false;
    const DATA_TYPE: &'static str = T::DATA_TYPE;
    const DECLARED_AS: &'static [&'static str] = T::DECLARED_AS;

    fn parameter_type() -> Type {
        T::parameter_type()
    }

    fn accepts(ty: &Type) -> bool {
        T::accepts(ty)
    }

    fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
        T::read(ty, raw.ok_or(WasNull)?)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        CustomType::write(self, ty, out)?;
        Ok(IsNull::No)
    }
}

#[diagnostic::do_not_recommend]
impl<T: CustomType> Value for Option<T> {
    type Sql = T::Sql;
    type NotNull = T;
    type Nullable = Self;
    type Propagate<Other: Value> = Other::Nullable;
    const NULLABLE: bool = true;
    const DATA_TYPE: &'static str = T::DATA_TYPE;
    const DECLARED_AS: &'static [&'static str] = T::DECLARED_AS;

    fn parameter_type() -> Type {
        T::parameter_type()
    }

    fn accepts(ty: &Type) -> bool {
        T::accepts(ty)
    }

    fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
        raw.map(|raw| T::read(ty, raw)).transpose()
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        let Some(value) = self else { return Ok(IsNull::Yes) };
        CustomType::write(value, ty, out)?;
        Ok(IsNull::No)
    }
}

#[diagnostic::do_not_recommend]
impl<T: CustomType> OfSqlType<T::Sql> for T {}
#[diagnostic::do_not_recommend]
impl<T: CustomType> OfSqlType<T::Sql> for Option<T> {}

#[diagnostic::do_not_recommend]
impl<T: CustomType> ArrayElement for T {
    type Element = T::Element;
}

#[diagnostic::do_not_recommend]
impl<T: CustomType> ArrayElement for Option<T> {
    type Element = T::Element;
}

#[diagnostic::do_not_recommend]
impl<T: CustomType> Decode for T {
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}

#[diagnostic::do_not_recommend]
impl<T: CustomType> DecodeOptional for T {
    fn decode_optional(cells: &mut Cells<'_>) -> crate::Result<Option<Self>> {
        cells.value()
    }
}

/// A place for a value within a declared type, as a type: generated code names the place rather than the type of the
/// value, and an unsuitable type is then one error, at the field.
pub trait Slot {
    /// The type of the value.
    type Value: Value;
}

/// The type that a place is declared with.
pub const fn slot_data_type<S: Slot>() -> &'static str {
    <S::Value as Value>::DATA_TYPE
}

/// The type that a place is sent as.
pub fn slot_type<S: Slot>() -> Type {
    <S::Value as Value>::parameter_type()
}

/// [`CustomType::write`] of the value in a place, which is not NULL.
///
/// # Errors
/// As that of the value.
pub fn write_slot<S: Slot>(value: &S::Value, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
    value.write(base_type(ty), out)?;
    Ok(())
}

/// [`Value::read`] of the value in a place.
///
/// # Errors
/// As that of the value.
pub fn read_slot<S: Slot>(ty: &Type, raw: &[u8]) -> Result<S::Value, Failure> {
    <S::Value as Value>::read(base_type(ty), Some(raw))
}

/// Whether the value in a place is written as values of that type are, or as those below that domain.
pub fn slot_accepts<S: Slot>(ty: &Type) -> bool {
    <S::Value as Value>::accepts(base_type(ty))
}

/// "Take the type from the context" in the message `Parse` (manual, section 54.7).
const UNSPECIFIED: Oid = 0;

/// A declared type, as it is sent: without an OID.
pub fn custom_type(schema: &str, name: &str, kind: Kind) -> Type {
    Type::new(name.to_owned(), UNSPECIFIED, kind, schema.to_owned())
}

/// The type below all domains.
pub fn base_type(mut ty: &Type) -> &Type {
    while let Kind::Domain(base) = ty.kind() {
        ty = base;
    }
    ty
}

/// The driver's `ToSql::to_sql_checked` of a derived type, for SQL that a user wrote.
///
/// # Errors
/// The server's type is another than the declared one; the value cannot be written.
pub fn to_sql<T: CustomType>(value: &T, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    let base = base_type(ty);
    if !<T as CustomType>::accepts(base) {
        return Err(Box::new(WrongType::new::<T>(ty.clone())));
    }
    CustomType::write(value, base, out)?;
    Ok(IsNull::No)
}

/// The driver's `FromSql::from_sql` of a derived type.
///
/// # Errors
/// As [`CustomType::read`].
pub fn from_sql<T: CustomType>(ty: &Type, raw: &[u8]) -> Result<T, Failure> {
    <T as CustomType>::read(base_type(ty), raw)
}
