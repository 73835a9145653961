//! [`Cells`]: "the next value", out of a row or out of a record within a row.
//!
//! One decoder serves both, so a nested row runs the same generated code as a plain one.

use super::Value;
use super::record::RecordCells;
use crate::error::{Error, ErrorKind, Result};
use postgres_types::{FromSql, Type};
use std::error::Error as StdError;

/// A Rust type that is read from the next cells.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a row",
    label = "this query would have to give a `{Self}`"
)]
pub trait Decode: Sized + Send {
    /// Reads as many cells as it needs.
    ///
    /// # Errors
    /// A value that is not of the expected type, or NULL where the Rust type has no `Option`.
    fn decode(cells: &mut Cells<'_>) -> Result<Self>;
}

/// A Rust type that may be missing from a row: `Option` of it is read from as many cells as itself.
pub trait DecodeOptional: Decode {
    /// Reads as many cells as it needs, which may be NULL.
    ///
    /// # Errors
    /// A value that is not of the expected type.
    fn decode_optional(cells: &mut Cells<'_>) -> Result<Option<Self>>;
}

impl<T: DecodeOptional> Decode for Option<T> {
    fn decode(cells: &mut Cells<'_>) -> Result<Self> {
        T::decode_optional(cells)
    }
}

/// The cells of one row, read in order.
pub struct Cells<'a>(Place<'a>);

enum Place<'a> {
    Row { row: &'a tokio_postgres::Row, next: usize },
    Record(RecordCells<'a>),
}

/// The bytes of one cell, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl<'a> Cells<'a> {
    /// The cells of a row that the server sent.
    pub(crate) fn of_row(row: &'a tokio_postgres::Row) -> Self {
        Self(Place::Row { row, next: 0 })
    }

    /// The cells of a record within a row.
    pub(super) fn of_record(record: RecordCells<'a>) -> Self {
        Self(Place::Record(record))
    }

    /// The next cell as a value.
    ///
    /// # Errors
    /// A type that `V` does not read, or NULL where `V` has no `Option`.
    pub fn value<V: Value>(&mut self) -> Result<V> {
        match &mut self.0 {
            Place::Row { row, next } => {
                let index = *next;
                *next += 1;
                row.try_get(index).map_err(|error| unreadable(row, index, error))
            }
            Place::Record(record) => record.value(),
        }
    }

    /// The bytes of the next cell, whatever its type; `None` is NULL.
    pub(super) fn bytes(&mut self) -> Result<Option<&'a [u8]>> {
        match &mut self.0 {
            Place::Row { row, next } => {
                let index = *next;
                *next += 1;
                let row: &'a tokio_postgres::Row = row;
                let cell: Option<Raw<'a>> =
                    row.try_get(index).map_err(|error| unreadable(row, index, error))?;
                Ok(cell.map(|raw| raw.0))
            }
            Place::Record(record) => Ok(record.next_cell()?.1),
        }
    }

    /// Whether the cell `offset` places ahead is NULL; the cells are not consumed.
    pub(crate) fn is_null_at(&self, offset: usize) -> Result<bool> {
        match &self.0 {
            Place::Row { row, next } => {
                let cell: Option<Raw<'_>> = row
                    .try_get(next + offset)
                    .map_err(|error| unreadable(row, next + offset, error))?;
                Ok(cell.is_none())
            }
            Place::Record(record) => record.is_null_at(offset),
        }
    }

    /// Passes over cells.
    pub(crate) fn skip(&mut self, count: usize) -> Result<()> {
        match &mut self.0 {
            Place::Row { next, .. } => *next += count,
            Place::Record(record) => {
                for _ in 0..count {
                    record.next_cell()?;
                }
            }
        }
        Ok(())
    }
}

fn unreadable(row: &tokio_postgres::Row, index: usize, error: tokio_postgres::Error) -> Error {
    let cause = StdError::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    let (name, ty) = row
        .columns()
        .get(index)
        .map_or(("?", String::new()), |column| (column.name(), column.type_().to_string()));
    Error::new(ErrorKind::Conversion, format!("could not read column \"{name}\" ({ty}): {cause}"))
        .at(None, Some(name))
        .hint("the database and the struct disagree on this column; `orm-migrate diff` shows how")
        .because(error)
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: Decode),*> Decode for ($($name,)*) {
            fn decode(cells: &mut Cells<'_>) -> Result<Self> {
                Ok(($($name::decode(cells)?,)*))
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
