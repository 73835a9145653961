//! Types that a program declares: `#[derive(Enum)]`, `#[derive(Domain)]` and `#[derive(Composite)]` implement these.
//!
//! Such a type has no OID that the program could know. Its values are sent without one, and the server takes the type
//! from where the parameter stands; what comes back is read by the Rust type that is expected.

use super::cells::DecodeOptional;
use super::{ArrayElement, OfSqlType, SqlType as _, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Kind, Oid, ToSql, Type, WrongType};
use std::error::Error;

/// A Rust type whose SQL type the program declares.
pub trait Custom: Value + ArrayElement + DecodeOptional {}

impl<T: Custom> Value for Option<T> {
    type Sql = T::Sql;
    type NotNull = T;
    type Nullable = Self;
    type Propagate<Other: Value> = Other::Nullable;
    const NULLABLE: bool = true;
    const DATA_TYPE: &'static str = T::DATA_TYPE;
}

impl<T: Custom> OfSqlType<<T as Value>::Sql> for Option<T> {}

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
    <S::Value as Value>::Sql::pg_type()
}

/// [`ToSql::to_sql`] of the value in a place: written as what is below the domain.
///
/// # Errors
/// As that of the value.
pub fn write_slot<S: Slot>(
    value: &S::Value,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
    value.to_sql(base_type(ty), out)
}

/// [`Value::read`] of the value in a place.
///
/// # Errors
/// As that of the value.
pub fn read_slot<S: Slot>(ty: &Type, raw: &[u8]) -> Result<S::Value, Box<dyn Error + Sync + Send>> {
    <S::Value as Value>::read(base_type(ty), Some(raw))
}

/// Whether the value in a place is written as values of that type are, or as those below that domain.
pub fn slot_accepts<S: Slot>(ty: &Type) -> bool {
    <S::Value as ToSql>::accepts(base_type(ty))
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

/// [`ToSql::to_sql_checked`] of every declared type.
///
/// # Errors
/// The server's type is another than the declared one; the value cannot be written.
pub fn to_sql_checked<T: ToSql>(
    value: &T,
    ty: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
    if !T::accepts(ty) {
        return Err(Box::new(WrongType::new::<T>(ty.clone())));
    }
    value.to_sql(ty, out)
}
