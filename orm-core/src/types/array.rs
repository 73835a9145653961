//! Arrays: manual, section 8.15. `Vec<T>` is an array of one dimension without NULLs, `Vec<Option<T>>` one with NULLs. An array of
//! several dimensions is an [`NdArray`](super::NdArray).

use super::cells::{Cells, Decode};
use super::custom::base_type;
use super::nd_array::{DIMENSIONS_MAX, Dimension, NdArray};
use super::{DecodeBorrowed, Failure, HasEquality, OfSqlType, SqlType, Value};
use bytes::{BufMut as _, BytesMut};
use postgres_types::{IsNull, Kind, Type, WasNull};
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

impl<S: HasEquality> HasEquality for Array<S> {}

/// What a Rust type that is an array has of its elements.
macro_rules! arrays {
    ($array:ident) => {
        impl<V: ArrayElement> Value for $array<V>
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
                Self::read_array(ty, raw.ok_or(WasNull)?)
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                self.put_array(ty, out)?;
                Ok(IsNull::No)
            }
        }

        impl<V: ArrayElement> Value for Option<$array<V>>
        where
            Array<V::Element>: SqlType,
        {
            type Sql = Array<V::Element>;
            type NotNull = $array<V>;
            type Nullable = Self;
            type Propagate<Other: Value> = Other::Nullable;
            const NULLABLE: bool = true;
            const DECLARED_AS: &'static [&'static str] = V::DECLARED_AS;

            fn accepts(ty: &Type) -> bool {
                <$array<V> as Value>::accepts(ty)
            }

            fn read(ty: &Type, raw: Option<&[u8]>) -> Result<Self, Failure> {
                raw.map(|raw| <$array<V>>::read_array(ty, raw)).transpose()
            }

            fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
                self.as_ref().map_or(Ok(IsNull::Yes), |array| array.write(ty, out))
            }
        }

        impl<V: ArrayElement> Decode for $array<V>
        where
            Array<V::Element>: SqlType,
        {
            fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
                cells.value()
            }
        }

        impl<V: ArrayElement> Decode for Option<$array<V>>
        where
            Array<V::Element>: SqlType,
        {
            fn decode(cells: &mut Cells<'_>) -> crate::Result<Self> {
                cells.value()
            }
        }

        /// Its elements are made owned.
        impl<V: ArrayElement> DecodeBorrowed for $array<V>
        where
            Array<V::Element>: SqlType,
        {
            type Borrowed<'r> = Self;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> crate::Result<Self> {
                cells.value()
            }
        }

        impl<V: ArrayElement> DecodeBorrowed for Option<$array<V>>
        where
            Array<V::Element>: SqlType,
        {
            type Borrowed<'r> = Self;

            fn decode_borrowed<'r>(cells: &mut Cells<'r>) -> crate::Result<Self> {
                cells.value()
            }
        }

        impl<V: ArrayElement> OfSqlType<Array<V::Element>> for $array<V> {}
        impl<V: ArrayElement> OfSqlType<Array<V::Element>> for Option<$array<V>> {}
    };
}

arrays!(Vec);
arrays!(NdArray);

/// Reading and writing a whole array.
trait WholeArray: Sized {
    fn read_array(ty: &Type, raw: &[u8]) -> Result<Self, Failure>;
    fn put_array(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure>;
}

impl<V: ArrayElement> WholeArray for Vec<V> {
    fn read_array(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        // The number of its first element is not part of a `Vec`.
        let (dimensions, elements) = read_array(ty, raw)?;
        match dimensions.len() {
            0 | 1 => Ok(elements),
            count => Err(format!(
                "it is an array of {count} dimensions, and `Vec<_>` one of one; declare the field as `orm::types::NdArray<_>`"
            )
            .into()),
        }
    }

    fn put_array(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        write_array(ty, self, out, |element, ty, out| element.write(base_type(ty), out))
    }
}

impl<V: ArrayElement> WholeArray for NdArray<V> {
    fn read_array(ty: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let (dimensions, elements) = read_array(ty, raw)?;
        Ok(Self::new(dimensions, elements)?)
    }

    fn put_array(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        let write = |element: &V, ty: &Type, out: &mut BytesMut| element.write(base_type(ty), out);
        write_dimensions(ty, self.dimensions(), self.elements(), out, write)
    }
}

/// The dimensions and the elements of an array.
fn read_array<V: ArrayElement>(ty: &Type, raw: &[u8]) -> Result<(Vec<Dimension>, Vec<V>), Failure> {
    let Kind::Array(element_type) = base_type(ty).kind() else {
        return Err(format!("{ty} is no type of an array").into());
    };
    let element_type = base_type(element_type);
    let dimensions = dimensions(raw).ok_or("the array is shorter than it says")?;
    // Their number is not trusted with memory: it grows with the elements that are there.
    let mut elements = Vec::new();
    let mut failure = None;
    let whole = each_element(raw, |element| {
        let read = match element {
            None if !V::NULLABLE => Err(format!(
                "element number {} is NULL; declare the field as `Vec<Option<_>>`",
                elements.len() + 1
            )
            .into()),
            element => V::read(element_type, element),
        };
        match read {
            Ok(element) => elements.push(element),
            Err(error) => {
                failure = Some(error);
                return None;
            }
        }
        Some(())
    });
    match (failure, whole) {
        (Some(failure), _) => Err(failure),
        (None, None) => Err("the array is shorter than it says".into()),
        (None, Some(())) => Ok((dimensions, elements)),
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
    write: impl FnMut(&T, &Type, &mut BytesMut) -> Result<IsNull, Failure>,
) -> Result<(), Failure> {
    let dimension = Dimension { length: elements.len(), lower_bound: 1 };
    let dimensions = if elements.is_empty() { &[][..] } else { &[dimension] };
    write_dimensions(ty, dimensions, elements, out, write)
}

/// Writes an array of these dimensions; `write` writes an element of that type.
fn write_dimensions<T>(
    ty: &Type,
    dimensions: &[Dimension],
    elements: &[T],
    out: &mut BytesMut,
    mut write: impl FnMut(&T, &Type, &mut BytesMut) -> Result<IsNull, Failure>,
) -> Result<(), Failure> {
    let Kind::Array(element_type) = base_type(ty).kind() else {
        return Err(format!("{ty} is no type of an array").into());
    };
    let size = |size: usize| i32::try_from(size).map_err(|_| "an array has too many elements");
    out.put_i32(size(dimensions.len())?);
    let has_nulls_at = out.len();
    out.put_i32(0);
    out.put_u32(element_type.oid());
    for dimension in dimensions {
        out.put_i32(size(dimension.length)?);
        out.put_i32(dimension.lower_bound);
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

/// Shows the bytes of each element of an array, in order; `None` is NULL. Gives none where the array is shorter than it
/// says, or `visit` does.
pub(super) fn each_element<'a>(
    raw: &'a [u8],
    mut visit: impl FnMut(Option<&'a [u8]>) -> Option<()>,
) -> Option<()> {
    let dimensions = dimensions(raw)?;
    let mut count = u64::from(!dimensions.is_empty());
    for dimension in &dimensions {
        count = count.checked_mul(u64::try_from(dimension.length).ok()?)?;
    }
    let number = |place: usize| number_at(raw, place);
    let dimensions = dimensions.len();
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

/// The dimensions of an array; none where it is shorter than its head.
fn dimensions(raw: &[u8]) -> Option<Vec<Dimension>> {
    // The number of dimensions, a flag, the type of the elements; for each dimension its size and its lower bound.
    let count =
        usize::try_from(number_at(raw, 0)?).ok().filter(|count| *count <= DIMENSIONS_MAX)?;
    let dimension = |index: usize| {
        let length = usize::try_from(number_at(raw, 12 + 8 * index)?).ok()?;
        Some(Dimension { length, lower_bound: number_at(raw, 16 + 8 * index)? })
    };
    number_at(raw, 8)?;
    (0..count).map(dimension).collect()
}

fn number_at(raw: &[u8], place: usize) -> Option<i32> {
    let bytes = raw.get(place..)?.first_chunk::<4>()?;
    Some(i32::from_be_bytes(*bytes))
}
