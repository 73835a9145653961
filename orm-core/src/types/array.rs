//! Arrays: manual, section 8.15. `Vec<T>` is an array without NULLs in one dimension.

use super::cells::{Cells, Decode};
use super::custom::base_type;
use super::{Failure, OfSqlType, Read, SqlType, Value};
use bytes::{BufMut as _, BytesMut};
use postgres_types::{FromSql as _, IsNull, Kind, Type, WasNull};
use std::error::Error;
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

impl<V: ArrayElement> Value for Vec<V>
where
    Array<V::Element>: SqlType,
{
    type Sql = Array<V::Element>;
    type NotNull = Self;
    type Nullable = Option<Self>;
    type Propagate<Other: Value> = Other;
    const NULLABLE: bool = false;
    const DECLARED_AS: &'static [&'static str] = V::DECLARED_AS;

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Array(element) if V::accepts(base_type(element)))
    }

    fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
        let raw = raw.ok_or(WasNull)?;
        bounded(ty, raw)?;
        let elements = Vec::<Read<V>>::from_sql(ty, raw)?;
        Ok(elements.into_iter().map(|element| element.0).collect())
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        write_array(ty, self, out, |element, ty, out| element.write(base_type(ty), out))?;
        Ok(IsNull::No)
    }
}

impl<V: ArrayElement> Value for Option<Vec<V>>
where
    Array<V::Element>: SqlType,
{
    type Sql = Array<V::Element>;
    type NotNull = Vec<V>;
    type Nullable = Self;
    type Propagate<Other: Value> = Other::Nullable;
    const NULLABLE: bool = true;
    const DECLARED_AS: &'static [&'static str] = V::DECLARED_AS;

    fn accepts(ty: &Type) -> bool {
        <Vec<V> as Value>::accepts(ty)
    }

    fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
        raw.map(|raw| <Vec<V> as Value>::read(ty, Some(raw))).transpose()
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.as_ref().map_or(Ok(IsNull::Yes), |array| array.write(ty, out))
    }
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

/// Writes an array of one dimension; `write` writes an element of that type.
///
/// # Errors
/// The type is none of an array, there are too many elements, or as `write`.
pub(super) fn write_array<T>(
    ty: &Type,
    elements: &[T],
    out: &mut BytesMut,
    mut write: impl FnMut(&T, &Type, &mut BytesMut) -> Result<IsNull, Failure>,
) -> Result<(), Failure> {
    let Kind::Array(element_type) = base_type(ty).kind() else {
        return Err(format!("{ty} is no type of an array").into());
    };
    let count = i32::try_from(elements.len()).map_err(|_| "an array has too many elements")?;
    out.put_i32(i32::from(count > 0));
    let has_nulls_at = out.len();
    out.put_i32(0);
    out.put_u32(element_type.oid());
    if count > 0 {
        out.put_i32(count);
        // The number of its first element.
        out.put_i32(1);
    }
    for element in elements {
        let length_at = out.len();
        out.put_i32(-1);
        match write(element, element_type, out)? {
            IsNull::Yes => set_i32(out, has_nulls_at, 1),
            IsNull::No => {
                let length = i32::try_from(out.len() - length_at - 4);
                set_i32(out, length_at, length.map_err(|_| "an element is too large")?);
            }
        }
    }
    Ok(())
}

fn set_i32(out: &mut BytesMut, at: usize, number: i32) {
    if let Some(place) = out.get_mut(at..at + 4) {
        place.copy_from_slice(&number.to_be_bytes());
    }
}

impl<V: ArrayElement> OfSqlType<Array<V::Element>> for Vec<V> {}
impl<V: ArrayElement> OfSqlType<Array<V::Element>> for Option<Vec<V>> {}

/// Whether an array has as many elements as it says: what reads it makes memory for the number that it is told.
pub(super) fn bounded(ty: &Type, raw: &[u8]) -> Result<(), Box<dyn Error + Sync + Send>> {
    let Kind::Array(element) = base_type(ty).kind() else { return Ok(()) };
    // A length, and of a record the number of its fields, their types and lengths.
    let length_min = match base_type(element).kind() {
        Kind::Composite(fields) => 4 + 8 * fields.len(),
        _ => 0,
    };
    elements_are_there(raw, length_min)
        .ok_or_else(|| "the array has fewer elements than it says".into())
}

fn elements_are_there(raw: &[u8], length_min: usize) -> Option<()> {
    let is_long_enough = |element: &[u8]| (element.len() >= length_min).then_some(());
    each_element(raw, |element| element.map_or(Some(()), is_long_enough))
}

/// Shows the bytes of each element of an array, in order; `None` is NULL. Gives none where the array is shorter than it
/// says, or `visit` does.
pub(super) fn each_element<'a>(
    raw: &'a [u8],
    mut visit: impl FnMut(Option<&'a [u8]>) -> Option<()>,
) -> Option<()> {
    // The number of dimensions, a flag, the type of the elements; for each dimension its size and its lower bound.
    let number = |place: usize| {
        let bytes = raw.get(place..)?.first_chunk::<4>()?;
        Some(i32::from_be_bytes(*bytes))
    };
    let dimensions = usize::try_from(number(0)?).ok().filter(|count| *count <= DIMENSIONS_MAX)?;
    let mut count = u64::from(dimensions > 0);
    for dimension in 0..dimensions {
        let size = u64::try_from(number(12 + 8 * dimension)?).ok()?;
        count = count.checked_mul(size)?;
    }
    let mut place = 12 + 8 * dimensions;
    for _ in 0..count {
        // A negative length is NULL.
        let length = usize::try_from(number(place)?).ok();
        place = place.checked_add(4)?;
        let end = place.checked_add(length.unwrap_or(0))?;
        let element = raw.get(place..end)?;
        visit(length.map(|_| element))?;
        place = end;
    }
    (place <= raw.len()).then_some(())
}

/// `MAXDIM` of PostgreSQL.
const DIMENSIONS_MAX: usize = 6;
