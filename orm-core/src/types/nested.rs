//! [`Nested`]: a related row, or rows, in one cell. The rows are read as plain ones are: from [`Cells`].

use super::cells::{Cells, Decode};
use super::known::Lookup;
use super::record::{RecordCells, elements, malformed};
use crate::error::Result;

/// The bytes of one cell of a row or record; `None` is NULL.
pub type Cell<'a> = Option<&'a [u8]>;

/// A Rust type that is read from one cell that holds a row, or rows: a loaded relation.
pub trait Nested: Sized + Send {
    /// Reads the rows in the cell; `None` is NULL. `lookup` knows the types that the database declares.
    ///
    /// # Errors
    /// As [`Decode::decode`].
    fn nested(cell: Cell<'_>, lookup: &Lookup<'_>) -> Result<Self>;
}

impl Cells<'_> {
    /// The next cell as a relation's rows.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn nested<N: Nested>(&mut self) -> Result<N> {
        let lookup = self.lookup();
        N::nested(self.bytes()?, lookup)
    }
}

impl<T: Decode> Nested for Vec<T> {
    fn nested(cell: Cell<'_>, lookup: &Lookup<'_>) -> Result<Self> {
        elements(cell, |record| row(record, lookup))
    }
}

impl<T: Decode> Nested for Option<T> {
    fn nested(cell: Cell<'_>, lookup: &Lookup<'_>) -> Result<Self> {
        cell.map(|record| row(record, lookup)).transpose()
    }
}

/// The row of a relation whose foreign key cannot be NULL.
///
/// # Errors
/// The row is missing, or as [`Decode::decode`].
pub fn required<T: Decode>(cell: Cell<'_>, lookup: &Lookup<'_>) -> Result<T> {
    Option::<T>::nested(cell, lookup)?.ok_or_else(|| {
        malformed("a related row is missing").with_hint(
            "row level security or a foreign key that is NOT VALID can hide it; \
             declare the foreign key's field as `Option` if it may be missing",
        )
    })
}

fn row<T: Decode>(record: &[u8], lookup: &Lookup<'_>) -> Result<T> {
    T::decode(&mut Cells::of_record(RecordCells::open(record)?, lookup))
}
