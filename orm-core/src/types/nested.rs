//! [`Nested`]: a related row, or rows, in one cell. The rows are read as plain ones are: from [`Cells`].

use super::cells::{Cells, Decode};
use super::record::{RecordCells, elements, malformed};
use crate::error::Result;

/// A Rust type that is read from one cell that holds a row, or rows: a loaded relation.
pub trait Nested: Sized + Send {
    /// Reads the rows in the cell; `None` is NULL.
    ///
    /// # Errors
    /// As [`Decode::decode`].
    fn nested(cell: Option<&[u8]>) -> Result<Self>;
}

impl Cells<'_> {
    /// The next cell as a relation's rows.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn nested<N: Nested>(&mut self) -> Result<N> {
        N::nested(self.bytes()?)
    }
}

impl<T: Decode> Nested for Vec<T> {
    fn nested(cell: Option<&[u8]>) -> Result<Self> {
        elements(cell, row)
    }
}

impl<T: Decode> Nested for Option<T> {
    fn nested(cell: Option<&[u8]>) -> Result<Self> {
        cell.map(row).transpose()
    }
}

/// The row of a relation whose foreign key cannot be NULL.
///
/// # Errors
/// The row is missing, or as [`Decode::decode`].
pub fn required<T: Decode>(cell: Option<&[u8]>) -> Result<T> {
    Option::<T>::nested(cell)?.ok_or_else(|| {
        malformed("a related row is missing").hint(
            "row level security or a foreign key that is NOT VALID can hide it; \
             declare the foreign key's field as `Option` if it may be missing",
        )
    })
}

fn row<T: Decode>(record: &[u8]) -> Result<T> {
    T::decode(&mut Cells::of_record(RecordCells::open(record)?))
}
