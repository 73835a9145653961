//! [`Cells`]: "the next value", out of a row or out of a record within a row.
//!
//! One decoder serves both, so a nested row runs the same generated code as a plain one.

use super::custom::base_type;
use super::known::Lookup;
use super::levels::{LevelCell, LevelRow, LevelType, Levels};
use super::nested::Nested;
use super::record::{RecordCells, elements};
use super::{Read, Value};
use crate::error::{Error, ErrorKind, Result, Unplaced};
use postgres_types::{FromSql, Oid, Type, WasNull, WrongType};
use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;

/// A Rust type that is read from the next cells.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a row",
    label = "this query would have to give a `{Self}`"
)]
pub trait Decode: Sized + Send {
    /// Whether a struct is a field of itself, however deep: a constant that depends on itself, which is an error of the compiler.
    #[doc(hidden)]
    const CONTAINS_ITSELF: bool = false;

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
    const CONTAINS_ITSELF: bool = T::CONTAINS_ITSELF;

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
    Level(LevelPlace<'a>),
}

/// A row of a query whose related rows are levels of their own, and its next cell.
#[derive(Clone, Copy)]
struct LevelPlace<'a> {
    row: LevelRow<'a>,
    next: usize,
}

impl<'a> LevelPlace<'a> {
    /// The type and the bytes of a cell.
    fn cell(&self, number: usize) -> Result<(&'a LevelType, Option<&'a [u8]>)> {
        match self.row.cell(number) {
            Some(LevelCell::Column(column, _)) => {
                self.row.value(*column).ok_or_else(|| missing(number, self.row.width()))
            }
            Some(LevelCell::Related { .. }) => {
                Err(Error::new(ErrorKind::Conversion, "related rows are not a value"))
            }
            None => Err(missing(number, self.row.width())),
        }
    }

    fn next_cell(&mut self) -> Result<(&'a LevelType, Option<&'a [u8]>)> {
        let cell = self.cell(self.next);
        self.next += 1;
        cell
    }

    fn value<V: Value>(&mut self, lookup: &Lookup<'_>) -> Result<V> {
        let (ty, raw) = self.next_cell()?;
        let (named, cell) = (self.next - 1, self.row);
        let looked_up;
        let ty = match ty {
            LevelType::Known(ty) => ty,
            LevelType::Declared(oid) => {
                let not_known = || {
                    let cell = Cell { name: &Numbered(named), number: named };
                    misread(cell, &oid.to_string(), "its type is not known yet", None)
                };
                looked_up = lookup.read_as(*oid).ok_or_else(not_known)?;
                &looked_up
            }
        };
        let numbered = Numbered(named);
        let place = Cell { name: &numbered, number: named };
        match read_value::<Read<V>>(place, ty, raw, ReadAs::of::<V>()) {
            Ok(value) => Ok(value.0),
            Err(error) => Err(match cell.cell(named) {
                Some(LevelCell::Column(_, Some((table, column)))) => error.in_column(table, column),
                _ => error,
            }),
        }
    }

    /// The related rows, where they are the next cell, and how many they are.
    fn related(&mut self) -> Option<(usize, impl Iterator<Item = Self> + use<'a>)> {
        let LevelCell::Related { level, key } = self.row.cell(self.next)? else { return None };
        self.next += 1;
        let (count, rows) = self.row.related(*level, key);
        Some((count, rows.map(|row| Self { row, next: 0 })))
    }
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

/// What a cell is read as: the Rust type, and the SQL type that it is for.
#[derive(Clone, Copy)]
pub(super) struct ReadAs {
    rust: fn() -> &'static str,
    sql: &'static str,
}

impl ReadAs {
    pub(super) const fn of<V: Value>() -> Self {
        Self { rust: std::any::type_name::<V>, sql: V::DATA_TYPE }
    }

    const fn of_borrowed<V>() -> Self {
        Self { rust: std::any::type_name::<V>, sql: "" }
    }

    /// Why a value was not read.
    pub(super) fn why(self, cause: &(dyn StdError + 'static), is_null: bool) -> String {
        let rust = without_paths((self.rust)());
        if is_null {
            return format!("it is NULL, which `{rust}` does not hold");
        }
        if cause.is::<WasNull>() {
            return format!("a value in it is NULL, which `{rust}` does not hold");
        }
        if cause.is::<WrongType>() {
            return match self.sql {
                "" => format!("the Rust type `{rust}` is of another SQL type"),
                sql => format!("the Rust type `{rust}` is for {sql}"),
            };
        }
        let cause = cause.to_string();
        if cause.contains('`') {
            // It names Rust types itself.
            return cause;
        }
        format!("{cause} (read as `{rust}`)")
    }
}

/// The name of a Rust type without the modules of it.
fn without_paths(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    for part in name.split_inclusive(|it: char| !it.is_alphanumeric() && it != '_') {
        if part.ends_with(':') {
            continue;
        }
        short.push_str(part);
    }
    short
}

/// The bytes of one cell, whatever its type.
pub(super) struct RawCell<'a>(pub(super) &'a [u8]);

impl<'a> FromSql<'a> for RawCell<'a> {
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

    /// A row of the first level of a query whose related rows are levels.
    pub(crate) fn of_level(
        levels: &'a Levels,
        number: usize,
        lookup: &'a Lookup<'a>,
    ) -> Option<Self> {
        let row = levels.first(number)?;
        Some(Self { place: Place::Level(LevelPlace { row, next: 0 }), lookup })
    }

    /// The related rows, where the next cell is none that the server sent.
    fn level<T>(
        &mut self,
        mut read: impl FnMut(&mut Cells<'_>) -> Result<T>,
    ) -> Option<Result<Vec<T>>> {
        let lookup = self.lookup;
        let Place::Level(place) = &mut self.place else { return None };
        let (count, rows) = place.related()?;
        let mut found = Vec::with_capacity(count);
        for row in rows {
            match read(&mut Cells { place: Place::Level(row), lookup }) {
                Ok(row) => found.push(row),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(found))
    }

    /// The row in the next cell; `None` where there is none.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn record<T>(
        &mut self,
        mut read: impl FnMut(&mut Cells<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let lookup = self.lookup;
        if let Place::Level(place) = &mut self.place
            && let Some((_, mut rows)) = place.related()
        {
            let Some(row) = rows.next() else { return Ok(None) };
            if rows.next().is_some() {
                return Err(super::record::malformed("a relation to one row has several"));
            }
            return read(&mut Cells { place: Place::Level(row), lookup }).map(Some);
        }
        let Some(record) = self.bytes()? else { return Ok(None) };
        read(&mut Cells::of_record(RecordCells::open(record)?, lookup)).map(Some)
    }

    /// The rows in the next cell.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn records<T>(
        &mut self,
        mut read: impl FnMut(&mut Cells<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        if let Some(found) = self.level(&mut read) {
            return found;
        }
        let lookup = self.lookup;
        elements(self.bytes()?, |record| {
            read(&mut Cells::of_record(RecordCells::open(record)?, lookup))
        })
    }

    /// The values in the next cell: an array, or of the rows of a level the one value that each has.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub(super) fn values<V: Value>(&mut self) -> Result<Vec<V>>
    where
        Vec<V>: Value,
    {
        let of_rows = self.level(|cells| cells.value());
        of_rows.unwrap_or_else(|| self.value())
    }

    /// The next cell as a relation's rows.
    ///
    /// # Errors
    /// As [`value`](Self::value).
    pub fn nested<N: Nested>(&mut self) -> Result<N> {
        N::nested(self)
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
                Ok(read_cell::<Read<V>>(row, index, self.lookup, ReadAs::of::<V>())?.0)
            }
            Place::Record(record) => record.value(self.lookup),
            Place::Level(place) => place.value(self.lookup),
            Place::Copy { copied, next } => {
                let index = *next;
                *next += 1;
                let (ty, raw) = copied.get(index)?;
                let read_as = ReadAs::of::<V>();
                let name: &dyn fmt::Display = &Numbered(index);
                let cell = Cell { name, number: index };
                Ok(read_value::<Read<V>>(cell, base_type(ty), raw, read_as)?.0)
            }
        }
    }

    /// The bytes of the next cell, whatever its type; `None` is NULL.
    pub(crate) fn bytes(&mut self) -> Result<Option<&'a [u8]>> {
        match &mut self.place {
            Place::Row { row, next } => {
                let index = *next;
                *next += 1;
                raw_cell(row, index)
            }
            Place::Record(record) => Ok(record.next_cell()?.1),
            Place::Level(place) => Ok(place.next_cell()?.1),
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
                read_cell(row, index, self.lookup, ReadAs::of_borrowed::<V>())
            }
            _ => Err(Error::new(ErrorKind::Conversion, "only the columns of a row are borrowed")),
        }
    }

    /// The bytes of all cells that are left; `None` is NULL.
    pub(crate) fn rest(&mut self) -> Result<Vec<Option<Vec<u8>>>> {
        let count = match &self.place {
            Place::Row { row, next } => row.len().saturating_sub(*next),
            Place::Level(place) => place.row.width().saturating_sub(place.next),
            _ => 0,
        };
        (0..count).map(|_| Ok(self.bytes()?.map(<[u8]>::to_vec))).collect()
    }

    /// Whether the cell `offset` places ahead is NULL; the cells are not consumed.
    pub(crate) fn is_null_at(&self, offset: usize) -> Result<bool> {
        match &self.place {
            Place::Row { row, next } => Ok(raw_cell(row, next + offset)?.is_none()),
            Place::Level(place) => Ok(place.cell(place.next + offset)?.1.is_none()),
            Place::Record(record) => record.is_null_at(offset),
            Place::Copy { copied, next } => Ok(copied.get(next + offset)?.1.is_none()),
        }
    }

    /// Passes over cells.
    ///
    /// # Errors
    /// There are fewer.
    pub fn skip(&mut self, count: usize) -> Result<()> {
        match &mut self.place {
            Place::Row { next, .. }
            | Place::Copy { next, .. }
            | Place::Level(LevelPlace { next, .. }) => *next += count,
            Place::Record(record) => {
                for _ in 0..count {
                    record.next_cell()?;
                }
            }
        }
        Ok(())
    }
}

/// The bytes of a cell of a row; `None` is NULL.
fn raw_cell(row: &tokio_postgres::Row, index: usize) -> Result<Option<&[u8]>> {
    let cell: Option<RawCell<'_>> =
        row.try_get(index).map_err(|error| unreadable(row, index, error, RAW))?;
    Ok(cell.map(|raw| raw.0))
}

/// A value out of a cell of a row.
#[inline]
fn read_cell<'a, V: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
    lookup: &Lookup<'_>,
    read_as: ReadAs,
) -> Result<V> {
    // Nearly every column: the driver does all of it.
    if row.columns().get(index).is_some_and(|column| *column.type_() != Type::UNKNOWN) {
        return row.try_get(index).map_err(|error| unreadable(row, index, error, read_as));
    }
    read_looked_up(row, index, lookup, read_as)
}

/// A value of a type that may be one of the database's own.
#[cold]
#[inline(never)]
fn read_looked_up<'a, V: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
    lookup: &Lookup<'_>,
    read_as: ReadAs,
) -> Result<V> {
    let raw: Option<RawCell<'a>> =
        row.try_get(index).map_err(|error| unreadable(row, index, error, read_as))?;
    // `try_get` has found the column.
    let Some(column) = row.columns().get(index) else { return Err(missing(index, row.len())) };
    let cell = Cell { name: &column.name(), number: index };
    let looked_up = match hidden_type(column) {
        None => None,
        Some(oid) => {
            let not_known = || misread(cell, &oid.to_string(), "its type is not known yet", None);
            Some(lookup.read_as(oid).ok_or_else(not_known)?)
        }
    };
    let ty = looked_up.as_ref().unwrap_or(column.type_());
    read_value(cell, ty, raw.map(|raw| raw.0), read_as)
}

/// The bytes of any value.
const RAW: ReadAs = ReadAs::of_borrowed::<&[u8]>();

/// A cell of a row, for a message.
#[derive(Clone, Copy)]
struct Cell<'c> {
    name: &'c dyn fmt::Display,
    number: usize,
}

/// A column that has no name.
struct Numbered(usize);

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "number {}", self.0)
    }
}

/// A value out of the bytes of a column.
fn read_value<'a, V: FromSql<'a>>(
    cell: Cell<'_>,
    ty: &Type,
    raw: Option<&'a [u8]>,
    read_as: ReadAs,
) -> Result<V> {
    let failed = |cause: Box<dyn StdError + Sync + Send>| {
        let is_null = raw.is_none() && cause.is::<WasNull>();
        misread(cell, &ty.to_string(), &read_as.why(&*cause, is_null), Some(cause))
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
fn unreadable(
    row: &tokio_postgres::Row,
    index: usize,
    error: tokio_postgres::Error,
    read_as: ReadAs,
) -> Error {
    let Some(column) = row.columns().get(index) else { return missing(index, row.len()) };
    let is_null = matches!(row.try_get::<_, Option<RawCell<'_>>>(index), Ok(None));
    let why = match StdError::source(&error) {
        Some(cause) => read_as.why(cause, is_null),
        None => error.to_string(),
    };
    let cell = Cell { name: &column.name(), number: index };
    misread(cell, &column.type_().to_string(), &why, Some(Box::new(error)))
}

/// More cells are read than there are.
fn missing(index: usize, count: usize) -> Error {
    let message = format!("the row has no column number {index}: it has {count}");
    let rest = format!(": {message}");
    Error::new(ErrorKind::Conversion, message)
        .with_unplaced(Unplaced::Cell { number: Some(index), rest })
        .with_hint(
            "columns are read in their order, the first is number 0: select as many as are read",
        )
}

fn misread(
    cell: Cell<'_>,
    ty: &str,
    why: &str,
    cause: Option<Box<dyn StdError + Sync + Send>>,
) -> Error {
    let (name, rest) = (cell.name.to_string(), format!(" ({ty}): {why}"));
    let made = Error::new(ErrorKind::Conversion, format!("could not read column \"{name}\"{rest}"))
        .at(None, Some(&name))
        .with_unplaced(Unplaced::Cell { number: Some(cell.number), rest })
        .with_hint(DISAGREE);
    match cause {
        Some(cause) => made.with_source(cause),
        None => made,
    }
}

/// What to do where a column is not of the type that the struct has.
pub(super) const DISAGREE: &str =
    "the database and the struct disagree on this column; `orm-migrate diff` shows how";

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
