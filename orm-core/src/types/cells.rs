//! [`Cells`]: "the next value", out of a row or out of a record within a row.
//!
//! One decoder serves both, so a nested row runs the same generated code as a plain one.

use super::custom::base_type;
use super::known::Lookup;
use super::record::RecordCells;
use super::{Read, Value};
use crate::error::{Error, ErrorKind, Result};
use postgres_types::{FromSql, Oid, Type, WrongType};
use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;

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
pub struct Cells<'a> {
    place: Place<'a>,
    lookup: &'a Lookup<'a>,
}

enum Place<'a> {
    Row { row: &'a tokio_postgres::Row, next: usize },
    Record(RecordCells<'a>),
    Copy { copied: Copied<'a>, next: usize },
}

/// A row of `COPY`: where its values stand among the bytes, none for NULL, and their types.
#[derive(Clone, Copy)]
struct Copied<'a> {
    bytes: &'a [u8],
    ranges: &'a [Option<Range<usize>>],
    types: &'a [Type],
}

impl<'a> Copied<'a> {
    fn get(self, index: usize) -> Result<(&'a Type, Option<&'a [u8]>)> {
        let count = self.ranges.len();
        let (Some(range), Some(ty)) = (self.ranges.get(index), self.types.get(index)) else {
            return Err(missing(index, count));
        };
        let bytes = range.clone().and_then(|range| self.bytes.get(range));
        Ok((ty, bytes))
    }
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
    pub(crate) fn of_row(row: &'a tokio_postgres::Row, lookup: &'a Lookup<'a>) -> Self {
        Self { place: Place::Row { row, next: 0 }, lookup }
    }

    /// The cells of a row of `COPY`.
    pub(crate) fn of_copy(
        bytes: &'a [u8],
        ranges: &'a [Option<Range<usize>>],
        types: &'a [Type],
        lookup: &'a Lookup<'a>,
    ) -> Self {
        Self { place: Place::Copy { copied: Copied { bytes, ranges, types }, next: 0 }, lookup }
    }

    /// The cells of a record within a row.
    pub(super) fn of_record(record: RecordCells<'a>, lookup: &'a Lookup<'a>) -> Self {
        Self { place: Place::Record(record), lookup }
    }

    /// What is known of types.
    pub(super) fn lookup(&self) -> &'a Lookup<'a> {
        self.lookup
    }

    /// The next cell as a value.
    ///
    /// # Errors
    /// A type that `V` does not read, or NULL where `V` has no `Option`.
    pub fn value<V: Value>(&mut self) -> Result<V> {
        match &mut self.place {
            Place::Row { row, next } => {
                let index = *next;
                *next += 1;
                let row: &'a tokio_postgres::Row = row;
                Ok(read_cell::<Read<V>>(row, index, self.lookup)?.0)
            }
            Place::Record(record) => record.value(self.lookup),
            Place::Copy { copied, next } => {
                let index = *next;
                *next += 1;
                let (ty, raw) = copied.get(index)?;
                Ok(read_value::<Read<V>>(&format_args!("number {index}"), base_type(ty), raw)?.0)
            }
        }
    }

    /// The bytes of the next cell, whatever its type; `None` is NULL.
    pub(super) fn bytes(&mut self) -> Result<Option<&'a [u8]>> {
        match &mut self.place {
            Place::Row { row, next } => {
                let index = *next;
                *next += 1;
                let row: &'a tokio_postgres::Row = row;
                let cell: Option<Raw<'a>> =
                    row.try_get(index).map_err(|error| unreadable(row, index, error))?;
                Ok(cell.map(|raw| raw.0))
            }
            Place::Record(record) => Ok(record.next_cell()?.1),
            Place::Copy { copied, next } => {
                let index = *next;
                *next += 1;
                Ok(copied.get(index)?.1)
            }
        }
    }

    /// The next cell of a row as a value that is borrowed from it.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub(super) fn borrowed<V: FromSql<'a>>(&mut self) -> Result<V> {
        match &mut self.place {
            Place::Row { row, next } => {
                let index = *next;
                *next += 1;
                let row: &'a tokio_postgres::Row = row;
                read_cell(row, index, self.lookup)
            }
            _ => Err(misread("?", "", "only the columns of a row are borrowed", None)),
        }
    }

    /// The bytes of all cells that are left; `None` is NULL.
    pub(crate) fn rest(&mut self) -> Result<Vec<Option<Vec<u8>>>> {
        let count = match &self.place {
            Place::Row { row, next } => row.len().saturating_sub(*next),
            _ => 0,
        };
        (0..count).map(|_| Ok(self.bytes()?.map(<[u8]>::to_vec))).collect()
    }

    /// Whether the cell `offset` places ahead is NULL; the cells are not consumed.
    pub(crate) fn is_null_at(&self, offset: usize) -> Result<bool> {
        match &self.place {
            Place::Row { row, next } => {
                let cell: Option<Raw<'_>> = row
                    .try_get(next + offset)
                    .map_err(|error| unreadable(row, next + offset, error))?;
                Ok(cell.is_none())
            }
            Place::Record(record) => record.is_null_at(offset),
            Place::Copy { copied, next } => Ok(copied.get(next + offset)?.1.is_none()),
        }
    }

    /// Passes over cells.
    pub(crate) fn skip(&mut self, count: usize) -> Result<()> {
        match &mut self.place {
            Place::Row { next, .. } | Place::Copy { next, .. } => *next += count,
            Place::Record(record) => {
                for _ in 0..count {
                    record.next_cell()?;
                }
            }
        }
        Ok(())
    }
}

/// A value out of a cell of a row.
#[inline]
fn read_cell<'a, V: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
    lookup: &Lookup<'_>,
) -> Result<V> {
    // Nearly every column: the driver does all of it.
    if row.columns().get(index).is_some_and(|column| *column.type_() != Type::UNKNOWN) {
        return row.try_get(index).map_err(|error| unreadable(row, index, error));
    }
    read_looked_up(row, index, lookup)
}

/// A value of a type that may be one of the database's own.
#[cold]
#[inline(never)]
fn read_looked_up<'a, V: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
    lookup: &Lookup<'_>,
) -> Result<V> {
    let raw: Option<Raw<'a>> = row.try_get(index).map_err(|error| unreadable(row, index, error))?;
    // `try_get` has found the column.
    let Some(column) = row.columns().get(index) else { return Err(misread("?", "", "", None)) };
    let looked_up = match hidden_type(column) {
        None => None,
        Some(oid) => Some(lookup.read_as(oid).ok_or_else(|| {
            misread(column.name(), &oid.to_string(), "its type is not known yet", None)
        })?),
    };
    let ty = looked_up.as_ref().unwrap_or(column.type_());
    read_value(&column.name(), ty, raw.map(|raw| raw.0))
}

/// A value out of the bytes of a column.
fn read_value<'a, V: FromSql<'a>>(
    name: &dyn fmt::Display,
    ty: &Type,
    raw: Option<&'a [u8]>,
) -> Result<V> {
    let failed = |cause: Box<dyn StdError + Sync + Send>| {
        misread(&name.to_string(), &ty.to_string(), &cause.to_string(), Some(cause))
    };
    if !<V as FromSql>::accepts(ty) {
        return Err(failed(Box::new(WrongType::new::<V>(ty.clone()))));
    }
    V::from_sql_nullable(ty, raw).map_err(failed)
}

/// The OID of a type that the driver does not know: `exec` has it stand where the type modifier was.
#[inline]
pub(crate) fn hidden_type(column: &tokio_postgres::Column) -> Option<Oid> {
    let hidden = column.type_modifier();
    (*column.type_() == Type::UNKNOWN && hidden != -1).then(|| hidden.cast_unsigned())
}

#[cold]
fn unreadable(row: &tokio_postgres::Row, index: usize, error: tokio_postgres::Error) -> Error {
    let count = row.len();
    if index >= count {
        return missing(index, count);
    }
    let cause = StdError::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    let (name, ty) = row
        .columns()
        .get(index)
        .map_or(("?", String::new()), |column| (column.name(), column.type_().to_string()));
    misread(name, &ty, &cause, Some(Box::new(error)))
}

/// More cells are read than there are.
fn missing(index: usize, count: usize) -> Error {
    let message = format!("the row has no column number {index}: it has {count}");
    Error::new(ErrorKind::Conversion, message).with_hint(
        "columns are read in their order, the first is number 0: select as many as are read",
    )
}

fn misread(
    name: &str,
    ty: &str,
    why: &str,
    cause: Option<Box<dyn StdError + Sync + Send>>,
) -> Error {
    let made = Error::new(
        ErrorKind::Conversion,
        format!("could not read column \"{name}\" ({ty}): {why}"),
    )
    .at(None, Some(name))
    .with_hint("the database and the struct disagree on this column; `orm-migrate diff` shows how");
    match cause {
        Some(cause) => made.with_source(cause),
        None => made,
    }
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
tuples!(A B C D E F G H I J K L M);
tuples!(A B C D E F G H I J K L M N);
tuples!(A B C D E F G H I J K L M N O);
tuples!(A B C D E F G H I J K L M N O P);

/// No cells.
impl Decode for () {
    fn decode(_: &mut Cells<'_>) -> Result<Self> {
        Ok(())
    }
}
