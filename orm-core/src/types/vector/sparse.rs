//! `sparsevec`: a vector that has a number in few of its dimensions and 0 in all others.

use super::{CustomType, DIMENSIONS_MAX, Failure, check_dimensions, extension_type, finite};
use bytes::{Buf as _, BufMut as _, BytesMut};
use postgres_types::Type;
use std::fmt;

/// `SPARSEVEC_MAX_DIM` of pgvector.
const SPARSE_DIMENSIONS_MAX: usize = 1_000_000_000;

/// A `sparsevec` of the extension pgvector: so many dimensions, and the numbers of those in which it is not 0.
///
/// Dimensions are counted from 0, as the elements of a slice; in SQL, `'{1:0.5}/3'`, from 1. It has up to 1,000,000,000 dimensions
/// and 16000 numbers.
///
/// ```
/// use orm::types::SparseVector;
/// let vector = SparseVector::new(5, [(3, 2.0), (0, 0.5)])?;
/// assert_eq!(vector.dimensions(), 5);
/// assert_eq!(vector.entries(), [(0, 0.5), (3, 2.0)]);
/// assert_eq!(SparseVector::from_dense(&[0.5, 0.0, 0.0, 2.0, 0.0]), vector);
/// assert_eq!(vector.to_string(), "{1:0.5,4:2}/5");
/// # Ok::<(), orm::types::SparseVectorError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SparseVector {
    dimensions: usize,
    /// Sorted by their dimensions, none of them 0.
    entries: Vec<(u32, f32)>,
}

extension_type!(SparseVector, "sparsevec");

impl SparseVector {
    /// A vector with these numbers, each with its dimension, from 0. A number that is 0 is left out.
    ///
    /// # Errors
    /// A dimension that the vector does not have, or that is given twice.
    pub fn new(
        dimensions: usize,
        entries: impl IntoIterator<Item = (u32, f32)>,
    ) -> Result<Self, SparseVectorError> {
        let mut entries: Vec<(u32, f32)> = entries.into_iter().collect();
        entries.sort_by_key(|(dimension, _)| *dimension);
        if let Some((dimension, _)) = entries.last()
            && usize::try_from(*dimension).map_or(true, |dimension| dimension >= dimensions)
        {
            return Err(SparseVectorError::Outside { dimension: *dimension, dimensions });
        }
        let twice = entries.windows(2).find_map(|pair| match pair {
            [(one, _), (other, _)] if one == other => Some(*one),
            _ => None,
        });
        if let Some(dimension) = twice {
            return Err(SparseVectorError::Twice { dimension });
        }
        entries.retain(|(_, number)| *number != 0.0);
        Ok(Self { dimensions, entries })
    }

    /// The numbers that are not 0. Numbers behind dimension 4,294,967,295 are none that a `sparsevec` has, and are left out.
    pub fn from_dense(numbers: &[f32]) -> Self {
        let entries = (0..).zip(numbers).filter(|(_, number)| **number != 0.0);
        let entries = entries.map(|(dimension, number)| (dimension, *number)).collect();
        Self { dimensions: numbers.len(), entries }
    }

    /// All numbers, in memory for as many as it has dimensions.
    pub fn to_dense(&self) -> Vec<f32> {
        let mut numbers = vec![0.0; self.dimensions];
        for (dimension, number) in &self.entries {
            let place = usize::try_from(*dimension).ok().and_then(|place| numbers.get_mut(place));
            if let Some(place) = place {
                *place = *number;
            }
        }
        numbers
    }

    /// How many dimensions it has.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The numbers that are not 0, each with its dimension, in the order of these.
    pub fn entries(&self) -> &[(u32, f32)] {
        &self.entries
    }
}

/// As the server writes it: dimensions are counted from 1.
impl fmt::Display for SparseVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, (dimension, number)) in self.entries.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{}:{number}", u64::from(*dimension) + 1)?;
        }
        write!(f, "}}/{}", self.dimensions)
    }
}

/// Why entries are none of a [`SparseVector`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SparseVectorError {
    /// The vector does not have this dimension.
    Outside {
        /// The dimension, from 0.
        dimension: u32,
        /// How many the vector has.
        dimensions: usize,
    },
    /// Two numbers are given for this dimension.
    Twice {
        /// The dimension, from 0.
        dimension: u32,
    },
}

impl fmt::Display for SparseVectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside { dimension, dimensions } => write!(
                f,
                "a sparsevec of {dimensions} dimensions has none with the number {dimension}: they are counted from 0"
            ),
            Self::Twice { dimension } => {
                write!(f, "dimension {dimension} of a sparsevec is given two numbers")
            }
        }
    }
}

impl std::error::Error for SparseVectorError {}

impl CustomType for SparseVector {
    type Sql = Self;
    type Element = Self;
    const DATA_TYPE: &'static str = "sparsevec";

    fn read(_: &Type, mut raw: &[u8]) -> Result<Self, Failure> {
        let dimensions = usize::try_from(raw.try_get_i32()?)?;
        let count = usize::try_from(raw.try_get_i32()?)?;
        if raw.try_get_i32()? != 0 {
            return Err("the sparsevec is of a format that is not known".into());
        }
        // All dimensions come first, then all numbers.
        let (words, rest) = raw.as_chunks::<4>();
        if !rest.is_empty() || words.len() != count.saturating_mul(2) {
            return Err(format!("a sparsevec of {count} numbers has {} bytes", raw.len()).into());
        }
        let (places, numbers) = words.split_at(count);
        let entries = places
            .iter()
            .zip(numbers)
            .map(|(place, number)| (u32::from_be_bytes(*place), f32::from_be_bytes(*number)));
        Ok(Self::new(dimensions, entries)?)
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        check_dimensions(self.dimensions, SPARSE_DIMENSIONS_MAX, ty)?;
        if self.entries.len() > DIMENSIONS_MAX {
            return Err(format!(
                "a sparsevec has at most {DIMENSIONS_MAX} numbers that are not 0, and this one {}",
                self.entries.len()
            )
            .into());
        }
        out.put_i32(i32::try_from(self.dimensions)?);
        out.put_i32(i32::try_from(self.entries.len())?);
        out.put_i32(0);
        for (dimension, _) in &self.entries {
            out.put_u32(*dimension);
        }
        for (place, (_, number)) in self.entries.iter().enumerate() {
            out.put_f32(finite(*number, place)?);
        }
        Ok(())
    }
}
