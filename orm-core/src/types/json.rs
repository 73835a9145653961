//! JSON: manual, section 8.14.

use super::cells::{Cells, Decode};
use super::{ArrayElement, OfSqlType, Value, sql_type, value};
use postgres_types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use std::error::Error;
use std::fmt::Debug;

sql_type!(/// `jsonb`.
    Jsonb, "jsonb", JSONB);

value!(serde_json::Value => Jsonb);

/// A column of type `jsonb` that is read and written as `T` through serde.
///
/// ```
/// use orm_core::types::Json;
/// let settings = Json(vec![1, 2]);
/// assert_eq!(settings.0, [1, 2]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<T: serde::Serialize + Debug> ToSql for Json<T> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        postgres_types::Json(&self.0).to_sql(ty, out)
    }

    accepts!(JSON, JSONB);
    to_sql_checked!();
}

impl<'a, T: serde::de::DeserializeOwned> FromSql<'a> for Json<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        postgres_types::Json::<T>::from_sql(ty, raw).map(|json| Self(json.0))
    }

    accepts!(JSON, JSONB);
}

/// What a type must have to be read and written as JSON.
pub trait Document:
    serde::Serialize + serde::de::DeserializeOwned + Debug + Send + Sync + 'static
{
}
impl<T: serde::Serialize + serde::de::DeserializeOwned + Debug + Send + Sync + 'static> Document
    for T
{
}

impl<T: Document> Value for Json<T> {
    type Sql = Jsonb;
    type NotNull = Self;
    type Nullable = Option<Self>;
    const NULLABLE: bool = false;
}

impl<T: Document> Value for Option<Json<T>> {
    type Sql = Jsonb;
    type NotNull = Json<T>;
    type Nullable = Self;
    const NULLABLE: bool = true;
}

impl<T> OfSqlType<Jsonb> for Json<T> {}
impl<T> OfSqlType<Jsonb> for Option<Json<T>> {}

impl<T: Document> ArrayElement for Json<T> {
    type Element = Jsonb;
}

impl<T: Document> Decode for Json<T> {
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}

impl<T: Document> Decode for Option<Json<T>> {
    fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
        cells.value()
    }
}
