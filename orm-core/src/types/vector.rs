//! Vectors of the extension pgvector: `vector`, `halfvec`, `sparsevec`.

mod half;
mod sparse;

use super::declared::modifiers;
use super::{CustomType, Failure, extension_type};
use bytes::{Buf as _, BufMut as _, BytesMut};
use postgres_types::Type;

pub use sparse::{SparseVector, SparseVectorError};

/// `VECTOR_MAX_DIM`, `HALFVEC_MAX_DIM` and `SPARSEVEC_MAX_NNZ` of pgvector.
const DIMENSIONS_MAX: usize = 16_000;

/// A `vector` of the extension pgvector: numbers of single precision.
///
/// It has from 1 to 16000 dimensions, and no NaN or infinity: another one is an error when it is written, as is one that has not as
/// many dimensions as its column, `data_type = "vector(3)"`.
///
/// ```
/// use orm::prelude::*;
/// use orm::types::Vector;
///
/// #[derive(Table, Debug)]
/// #[table(index(embedding ops "vector_cosine_ops", method = hnsw, with(m = 16)))]
/// struct Document {
///     #[column(primary_key)]
///     id: i64,
///     #[column(data_type = "vector(3)")]
///     embedding: Vector,
/// }
///
/// let question = Vector::from([1.0, 0.0, 0.5]);
/// let nearest = Document::query()
///     .order_by(Document::embedding.cosine_distance(question).asc())
///     .limit(5)
///     .select(Document::id);
/// assert_eq!(
///     nearest.to_sql(),
///     r#"SELECT "document"."id" FROM "document" ORDER BY ("document"."embedding" <=> $1) LIMIT $2"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(pub Vec<f32>);

extension_type!(Vector, "vector");

impl CustomType for Vector {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "vector";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let (numbers, rest) = elements(raw)?.as_chunks::<4>();
        if !rest.is_empty() {
            return Err("a number of the vector has fewer than 4 bytes".into());
        }
        Ok(Self(numbers.iter().map(|bytes| f32::from_be_bytes(*bytes)).collect()))
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        put_dimensions(self.0.len(), ty, out)?;
        for (place, number) in self.0.iter().enumerate() {
            out.put_f32(finite(*number, place)?);
        }
        Ok(())
    }
}

/// A `halfvec` of the extension pgvector: numbers of half precision, that is of 11 binary digits, from -65504 to 65504.
///
/// Rust has no type for such a number: they are `f32` here. [`rounded`](Self::rounded) makes a vector of any; each becomes the
/// nearest number of half precision. One that is too large for it is an error when it is written.
///
/// ```
/// use orm::types::HalfVector;
/// let vector = HalfVector::rounded([0.5, 0.1, 2049.0]);
/// assert_eq!(vector.as_slice(), [0.5, 0.099_975_586, 2048.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct HalfVector(Vec<f32>);

extension_type!(HalfVector, "halfvec");

impl HalfVector {
    /// A vector of these numbers, each rounded to half precision: to the nearest, of two that are as near to the even one.
    pub fn rounded(numbers: impl IntoIterator<Item = f32>) -> Self {
        let rounded = |number| half::to_f32(half::of_f32(number));
        Self(numbers.into_iter().map(rounded).collect())
    }

    /// Its numbers.
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// Its numbers.
    pub fn into_inner(self) -> Vec<f32> {
        self.0
    }
}

impl CustomType for HalfVector {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "halfvec";

    fn read(_: &Type, raw: &[u8]) -> Result<Self, Failure> {
        let (numbers, rest) = elements(raw)?.as_chunks::<2>();
        if !rest.is_empty() {
            return Err("a number of the halfvec has fewer than 2 bytes".into());
        }
        let number = |bytes: &[u8; 2]| half::to_f32(u16::from_be_bytes(*bytes));
        Ok(Self(numbers.iter().map(number).collect()))
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        put_dimensions(self.0.len(), ty, out)?;
        for (place, number) in self.0.iter().enumerate() {
            let number = finite(*number, place).map_err(|error| {
                format!("{error}; the largest number of half precision is 65504")
            })?;
            out.put_u16(half::of_f32(number));
        }
        Ok(())
    }
}

/// The elements behind the header of a `vector` or `halfvec`: the number of dimensions, and two bytes that are 0.
fn elements(mut raw: &[u8]) -> Result<&[u8], Failure> {
    let dimensions = usize::from(raw.try_get_u16()?);
    if raw.try_get_u16()? != 0 {
        return Err("the vector is of a format that is not known".into());
    }
    let is_whole = raw.len() == 2 * dimensions || raw.len() == 4 * dimensions;
    if dimensions == 0 || !is_whole {
        return Err(format!(
            "a vector of {dimensions} dimensions does not have {} bytes of numbers",
            raw.len()
        )
        .into());
    }
    Ok(raw)
}

fn put_dimensions(count: usize, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
    check_dimensions(count, DIMENSIONS_MAX, ty)?;
    out.put_u16(u16::try_from(count)?);
    out.put_u16(0);
    Ok(())
}

/// Whether a vector has as many dimensions as the type has: `vector(3)` says how many, `vector` does not.
fn check_dimensions(count: usize, count_max: usize, ty: &Type) -> Result<(), Failure> {
    if count == 0 || count > count_max {
        return Err(format!(
            "a vector of {count} dimensions is no {}: it has from 1 to {count_max}",
            ty.name()
        )
        .into());
    }
    let declared = modifiers(ty.name()).and_then(|text| text.trim().parse::<usize>().ok());
    match declared {
        Some(declared) if declared != count => {
            Err(format!("a vector of {count} dimensions for a {}, which has {declared}", ty.name())
                .into())
        }
        _ => Ok(()),
    }
}

fn finite(number: f32, place: usize) -> Result<f32, Failure> {
    if number.is_finite() {
        return Ok(number);
    }
    Err(format!("element {place} of the vector is {number}: pgvector has no NaN and no infinity")
        .into())
}

impl From<Vec<f32>> for Vector {
    fn from(numbers: Vec<f32>) -> Self {
        Self(numbers)
    }
}

impl From<&[f32]> for Vector {
    fn from(numbers: &[f32]) -> Self {
        Self(numbers.to_vec())
    }
}

impl<const N: usize> From<[f32; N]> for Vector {
    fn from(numbers: [f32; N]) -> Self {
        Self(numbers.to_vec())
    }
}

impl From<Vector> for Vec<f32> {
    fn from(vector: Vector) -> Self {
        vector.0
    }
}

#[cfg(test)]
mod tests;
