//! Arrays in PostgreSQL's binary format: `array_send` in its sources.
//!
//! The number of dimensions, whether there are NULLs, the type of the elements; for each dimension its length and its lower bound;
//! then each element after its length, which is negative for NULL.

use super::ArrayElement;
use crate::types::Failure;
use crate::types::custom::base_type;
use crate::types::nd_array::{DIMENSIONS_MAX, Dimension};
use bytes::{Buf as _, BufMut as _, BytesMut};
use postgres_types::{IsNull, Kind, Type};

/// An array of which elements are still to be read.
struct RawArray<'a> {
    dimensions: [Dimension; DIMENSIONS_MAX],
    dimension_count: usize,
    /// How many elements are left, as the array says.
    left: u64,
    rest: &'a [u8],
}

impl<'a> RawArray<'a> {
    /// Reads the head; none where it is too short, or has more dimensions than there can be.
    fn open(mut raw: &'a [u8]) -> Option<Self> {
        let count = raw.try_get_i32().ok()?;
        let dimension_count = usize::try_from(count).ok()?;
        let (_has_nulls, _element) = (raw.try_get_i32().ok()?, raw.try_get_u32().ok()?);
        let mut dimensions = [Dimension { length: 0, lower_bound: 1 }; DIMENSIONS_MAX];
        let mut left = u64::from(dimension_count > 0);
        for dimension in dimensions.get_mut(..dimension_count)? {
            dimension.length = usize::try_from(raw.try_get_i32().ok()?).ok()?;
            dimension.lower_bound = raw.try_get_i32().ok()?;
            left = left.checked_mul(u64::try_from(dimension.length).ok()?)?;
        }
        Some(Self { dimensions, dimension_count, left, rest: raw })
    }

    fn dimensions(&self) -> &[Dimension] {
        self.dimensions.get(..self.dimension_count).unwrap_or_default()
    }

    /// The bytes of the next element, where one is left; they are `None` for NULL. None where they are not there.
    fn next_element(&mut self) -> Option<Option<&'a [u8]>> {
        self.left = self.left.checked_sub(1)?;
        match usize::try_from(self.rest.try_get_i32().ok()?) {
            Ok(length) => {
                let (element, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                Some(Some(element))
            }
            Err(_) => Some(None),
        }
    }
}

/// Shows the bytes of each element of an array, in order; `None` is NULL. Gives none where the array is shorter than it
/// says, or `visit` does.
pub(crate) fn each_element<'a>(
    raw: &'a [u8],
    mut visit: impl FnMut(Option<&'a [u8]>) -> Option<()>,
) -> Option<()> {
    let mut array = RawArray::open(raw)?;
    while array.left > 0 {
        visit(array.next_element()?)?;
    }
    Some(())
}

/// The dimensions and the elements of an array.
///
/// # Errors
/// Bytes that are no array, or an element that cannot be read.
pub(super) fn read_array<V: ArrayElement>(
    ty: &Type,
    raw: &[u8],
) -> Result<(Vec<Dimension>, Vec<V>), Failure> {
    let Kind::Array(element_type) = base_type(ty).kind() else {
        return Err(format!("{ty} is no type of an array").into());
    };
    let element_type = base_type(element_type);
    let too_short = || Failure::from("the array is shorter than it says");
    let mut array = RawArray::open(raw).ok_or_else(too_short)?;
    // Each element has a length at least: memory is taken for what is there, not for what the array says.
    let there = u64::try_from(array.rest.len() / size_of::<i32>())?;
    let mut elements = Vec::with_capacity(usize::try_from(array.left.min(there).min(1024))?);
    while array.left > 0 {
        let element = array.next_element().ok_or_else(too_short)?;
        if element.is_none() && !V::NULLABLE {
            let number = elements.len() + 1;
            return Err(format!(
                "element number {number} is NULL; declare the field as `Vec<Option<_>>`"
            )
            .into());
        }
        elements.push(V::read(element_type, element)?);
    }
    match array.rest {
        [] => Ok((array.dimensions().to_vec(), elements)),
        _ => Err("the array is longer than it says".into()),
    }
}

/// Writes an array of one dimension; `write` writes an element of that type.
///
/// # Errors
/// The type is none of an array, there are too many elements, or as `write`.
pub(in crate::types) fn write_array<T>(
    ty: &Type,
    elements: &[T],
    out: &mut BytesMut,
    write: impl FnMut(&T, &Type, &mut BytesMut) -> Result<IsNull, Failure>,
) -> Result<(), Failure> {
    let dimension = Dimension { length: elements.len(), lower_bound: 1 };
    let dimensions = if elements.is_empty() { &[][..] } else { &[dimension] };
    write_dimensions(ty, dimensions, elements, out, write)
}

/// Writes the head of an array of one dimension, which has so many elements of that type.
///
/// # Errors
/// There are too many.
pub(in crate::types) fn put_head(
    count: usize,
    has_nulls: bool,
    element: &Type,
    out: &mut BytesMut,
) -> Result<(), Failure> {
    let length = i32::try_from(count).map_err(|_| "an array has too many elements")?;
    out.put_i32(i32::from(count > 0));
    out.put_i32(i32::from(has_nulls));
    out.put_u32(element.oid());
    if count > 0 {
        out.put_i32(length);
        out.put_i32(1);
    }
    Ok(())
}

/// Writes an array of these dimensions; `write` writes an element of that type.
///
/// # Errors
/// As [`write_array`].
pub(super) fn write_dimensions<T>(
    ty: &Type,
    dimensions: &[Dimension],
    elements: &[T],
    out: &mut BytesMut,
    mut write: impl FnMut(&T, &Type, &mut BytesMut) -> Result<IsNull, Failure>,
) -> Result<(), Failure> {
    let Kind::Array(element_type) = base_type(ty).kind() else {
        return Err(format!("{ty} is no type of an array").into());
    };
    if *base_type(element_type) == Type::UNKNOWN {
        return write_literal(element_type, dimensions, elements, out, write);
    }
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

/// The same of elements that are written as texts: as the text of an array (manual, section 8.15.2).
fn write_literal<T>(
    element_type: &Type,
    dimensions: &[Dimension],
    elements: &[T],
    out: &mut BytesMut,
    mut write: impl FnMut(&T, &Type, &mut BytesMut) -> Result<IsNull, Failure>,
) -> Result<(), Failure> {
    if elements.is_empty() {
        out.put_slice(b"{}");
        return Ok(());
    }
    if dimensions.iter().any(|dimension| dimension.lower_bound != 1) {
        for Dimension { length, lower_bound } in dimensions {
            let last = i64::from(*lower_bound) + i64::try_from(*length)? - 1;
            out.put_slice(format!("[{lower_bound}:{last}]").as_bytes());
        }
        out.put_u8(b'=');
    }
    // How many elements there are within the braces of each dimension.
    let mut within: Vec<usize> = Vec::with_capacity(dimensions.len());
    for dimension in dimensions.iter().rev() {
        within.push(within.last().copied().unwrap_or(1).saturating_mul(dimension.length).max(1));
    }
    let mut text = BytesMut::new();
    for (index, element) in elements.iter().enumerate() {
        let braces = |at: usize| within.iter().filter(|count| at.is_multiple_of(**count)).count();
        if index > 0 {
            out.put_u8(b',');
        }
        out.put_bytes(b'{', braces(index));
        text.clear();
        let is_null = matches!(write(element, element_type, &mut text)?, IsNull::Yes);
        put_quoted((!is_null).then_some(&text), out);
        out.put_bytes(b'}', braces(index + 1));
    }
    Ok(())
}

/// An element of an array as text.
pub(crate) fn put_quoted(element: Option<&[u8]>, out: &mut BytesMut) {
    let Some(element) = element else { return out.put_slice(b"NULL") };
    out.put_u8(b'"');
    for byte in element {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(*byte);
    }
    out.put_u8(b'"');
}

fn set_i32(out: &mut BytesMut, at: usize, number: i32) {
    if let Some(place) = out.get_mut(at..at + 4) {
        place.copy_from_slice(&number.to_be_bytes());
    }
}

#[cfg(test)]
mod tests;
