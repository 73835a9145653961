//! Types that a program declares: `#[derive(Enum)]`, `#[derive(Domain)]` and `#[derive(Composite)]` implement these.
//!
//! Such a type has no OID that the program could know. Its values are sent without one, and the server takes the type
//! from where the parameter stands; what comes back is read by the Rust type that is expected.

use super::cells::DecodeOptional;
use super::{ArrayElement, OfSqlType, Value};
use bytes::BytesMut;
use postgres_types::{IsNull, Kind, Oid, ToSql, Type, WrongType};
use std::error::Error;

/// A Rust type whose SQL type the program declares.
pub trait Custom: Value + ArrayElement + DecodeOptional {}

impl<T: Custom> Value for Option<T> {
    type Sql = T::Sql;
    type NotNull = T;
    type Nullable = Self;
    const NULLABLE: bool = true;
    const DATA_TYPE: &'static str = T::DATA_TYPE;
}

impl<T: Custom> OfSqlType<<T as Value>::Sql> for Option<T> {}

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
