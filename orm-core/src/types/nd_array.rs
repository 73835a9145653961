//! [`NdArray`]: arrays of several dimensions. Manual, section 8.15.

use std::fmt;

/// `MAXDIM` of PostgreSQL.
pub(super) const DIMENSIONS_MAX: usize = 6;
/// `MaxArraySize` of PostgreSQL: more elements are an error of the server.
const ELEMENTS_MAX: usize = 134_217_727;

/// A value of an array type, of any number of dimensions: `integer[]`, which may also be written `integer[][]`.
///
/// PostgreSQL does not store how many dimensions the arrays of a column have: each value has its own. `Vec<T>` is an array of one
/// dimension, and of one whose first element has another number than 1 it has the elements; an `NdArray` has the numbers too.
/// With NULLs among the elements it is an `NdArray<Option<T>>`. An empty array has no dimensions.
///
/// ```
/// use orm_core::types::NdArray;
/// let board = NdArray::from_rows(vec![vec![1, 2, 3], vec![4, 5, 6]])?;
/// assert_eq!(board.lengths(), [2, 3]);
/// assert_eq!(board.elements(), [1, 2, 3, 4, 5, 6]);
/// // By subscripts as in SQL: they begin with 1.
/// assert_eq!(board.get(&[2, 1]), Some(&4));
/// assert_eq!(board.get(&[3, 1]), None);
/// assert_eq!(board.into_rows(), Ok(vec![vec![1, 2, 3], vec![4, 5, 6]]));
/// # Ok::<(), orm_core::types::NdArrayError>(())
/// ```
///
/// Many rows with arrays of several dimensions are inserted as `VALUES`, and no statement has more than 65,535 parameters: copy
/// them with `orm::copy_in`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NdArray<T> {
    dimensions: Vec<Dimension>,
    elements: Vec<T>,
}

/// A dimension of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimension {
    /// How many elements, or arrays, it has.
    pub length: usize,
    /// The subscript of the first one: 1, unless it was made otherwise (`'[0:2]={..}'`).
    pub lower_bound: i32,
}

/// Why elements and dimensions make no array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NdArrayError(String);

impl fmt::Display for NdArrayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NdArrayError {}

impl<T> NdArray<T> {
    /// An array of these dimensions; the last subscript of its elements changes first. One without elements has no dimensions.
    ///
    /// # Errors
    /// More than six dimensions, more or fewer elements than they have places for, more than PostgreSQL stores, or subscripts
    /// that are no `integer`.
    pub fn new(
        dimensions: impl IntoIterator<Item = Dimension>,
        elements: Vec<T>,
    ) -> Result<Self, NdArrayError> {
        let dimensions: Vec<Dimension> = dimensions.into_iter().collect();
        if dimensions.len() > DIMENSIONS_MAX {
            let count = dimensions.len();
            return Err(NdArrayError(format!(
                "an array has at most {DIMENSIONS_MAX} dimensions, and not {count}"
            )));
        }
        let places = dimensions
            .iter()
            .try_fold(usize::from(!dimensions.is_empty()), |places, dimension| {
                places.checked_mul(dimension.length)
            })
            .filter(|places| *places <= ELEMENTS_MAX);
        let Some(places) = places else {
            return Err(NdArrayError(format!("an array has at most {ELEMENTS_MAX} elements")));
        };
        let count = elements.len();
        if places != count {
            return Err(NdArrayError(format!(
                "an array of these dimensions has {places} elements, and not {count}"
            )));
        }
        if places == 0 {
            return Ok(Self { dimensions: Vec::new(), elements });
        }
        for dimension in &dimensions {
            let end = i32::try_from(dimension.length)
                .ok()
                .and_then(|length| dimension.lower_bound.checked_add(length));
            if end.is_none() {
                return Err(NdArrayError(format!(
                    "a dimension of {} elements cannot begin with the subscript {}",
                    dimension.length, dimension.lower_bound
                )));
            }
        }
        Ok(Self { dimensions, elements })
    }

    /// An array of dimensions of these lengths, whose subscripts begin with 1.
    ///
    /// ```
    /// use orm_core::types::NdArray;
    /// let cube = NdArray::with_lengths([2, 2, 2], (1..=8).collect())?;
    /// assert_eq!(cube.get(&[2, 1, 2]), Some(&6));
    /// assert_eq!(
    ///     NdArray::with_lengths([2, 2], vec![1]).unwrap_err().to_string(),
    ///     "an array of these dimensions has 4 elements, and not 1"
    /// );
    /// # Ok::<(), orm_core::types::NdArrayError>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_lengths(
        lengths: impl IntoIterator<Item = usize>,
        elements: Vec<T>,
    ) -> Result<Self, NdArrayError> {
        let dimension = |length| Dimension { length, lower_bound: 1 };
        Self::new(lengths.into_iter().map(dimension), elements)
    }

    /// An array of two dimensions.
    ///
    /// # Errors
    /// Rows of different lengths, or as [`new`](Self::new).
    pub fn from_rows(rows: Vec<Vec<T>>) -> Result<Self, NdArrayError> {
        let lengths = [rows.len(), same_length(&rows)?];
        Self::with_lengths(lengths, rows.into_iter().flatten().collect())
    }

    /// An array of three dimensions.
    ///
    /// # Errors
    /// Planes or rows of different lengths, or as [`new`](Self::new).
    pub fn from_planes(planes: Vec<Vec<Vec<T>>>) -> Result<Self, NdArrayError> {
        let (count, rows) = (planes.len(), same_length(&planes)?);
        let rows_of_all: Vec<Vec<T>> = planes.into_iter().flatten().collect();
        let lengths = [count, rows, same_length(&rows_of_all)?];
        Self::with_lengths(lengths, rows_of_all.into_iter().flatten().collect())
    }

    /// Its dimensions, the outermost first; none where it is empty.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The lengths of its dimensions, the outermost first; none where it is empty.
    pub fn lengths(&self) -> Vec<usize> {
        self.dimensions.iter().map(|dimension| dimension.length).collect()
    }

    /// Its elements; the last subscript changes first.
    pub fn elements(&self) -> &[T] {
        &self.elements
    }

    /// Its elements; the last subscript changes first.
    pub fn into_elements(self) -> Vec<T> {
        self.elements
    }

    /// The element with these subscripts, as `array[2][1]` gives it; none where there is none, or there are more or fewer
    /// dimensions.
    pub fn get(&self, subscripts: &[i32]) -> Option<&T> {
        if subscripts.len() != self.dimensions.len() || subscripts.is_empty() {
            return None;
        }
        let mut place = 0;
        for (subscript, dimension) in subscripts.iter().zip(&self.dimensions) {
            let offset = i64::from(*subscript) - i64::from(dimension.lower_bound);
            let offset = usize::try_from(offset).ok().filter(|it| *it < dimension.length)?;
            place = place * dimension.length + offset;
        }
        self.elements.get(place)
    }

    /// The rows of an array of two dimensions.
    ///
    /// # Errors
    /// It has others: it is given back.
    pub fn into_rows(self) -> Result<Vec<Vec<T>>, Self> {
        match self.dimensions[..] {
            [] => Ok(Vec::new()),
            [_, row] => Ok(chunks(self.elements, row.length)),
            _ => Err(self),
        }
    }

    /// The planes of an array of three dimensions, each as its rows.
    ///
    /// # Errors
    /// It has others: it is given back.
    pub fn into_planes(self) -> Result<Vec<Vec<Vec<T>>>, Self> {
        match self.dimensions[..] {
            [] => Ok(Vec::new()),
            [_, plane, row] => Ok(chunks(chunks(self.elements, row.length), plane.length)),
            _ => Err(self),
        }
    }
}

/// The length that all of them have.
fn same_length<T>(parts: &[Vec<T>]) -> Result<usize, NdArrayError> {
    let length = parts.first().map_or(0, Vec::len);
    match parts.iter().find(|part| part.len() != length) {
        None => Ok(length),
        Some(other) => Err(NdArrayError(format!(
            "the rows of an array have one length, and not {length} and {}",
            other.len()
        ))),
    }
}

/// Parts of one length.
fn chunks<T>(elements: Vec<T>, length: usize) -> Vec<Vec<T>> {
    let mut elements = elements.into_iter();
    let mut parts = Vec::new();
    loop {
        let part: Vec<T> = elements.by_ref().take(length).collect();
        if part.is_empty() {
            return parts;
        }
        parts.push(part);
    }
}

/// An array of one dimension.
impl<T> From<Vec<T>> for NdArray<T> {
    fn from(elements: Vec<T>) -> Self {
        let dimension = Dimension { length: elements.len(), lower_bound: 1 };
        let dimensions = if elements.is_empty() { Vec::new() } else { vec![dimension] };
        Self { dimensions, elements }
    }
}

impl<T> Default for NdArray<T> {
    fn default() -> Self {
        Self { dimensions: Vec::new(), elements: Vec::new() }
    }
}
