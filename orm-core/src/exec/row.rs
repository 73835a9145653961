//! [`Row`]: a row of SQL that a user wrote, read by name or by place. [`ReadRow`]: what such rows can be read as.

use crate::error::{Error, ErrorKind, Result};
use crate::types::cells::{Cells, Decode, hidden_type};
use crate::types::known::{KnownTypes, Lookup};
use std::sync::Arc;
use tokio_postgres::Row as DriverRow;

/// What a row of SQL that a user wrote can be read as: the struct of a table, a value, a tuple of these (the columns in
/// their order), or a [`Row`].
///
/// Columns that are left over are passed over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a row",
    label = "the struct of a table, a value, a tuple of these, or `Row`"
)]
pub trait ReadRow: Sized + Send {
    /// Reads a row.
    ///
    /// # Errors
    /// A column that is not there, or has another type; NULL where the Rust type has no `Option`.
    #[doc(hidden)]
    fn from_row(row: RawRow<'_>) -> Result<Self>;
}

/// A row of the driver, and what is known of types.
#[derive(Clone, Copy)]
pub struct RawRow<'a> {
    pub(super) row: &'a DriverRow,
    pub(super) lookup: &'a Lookup<'a>,
    pub(super) types: &'a Arc<KnownTypes>,
}

impl<'a> RawRow<'a> {
    /// Its cells.
    pub(super) fn cells(&self) -> Cells<'a> {
        Cells::of_row(self.row, self.lookup)
    }
}

impl<T: Decode> ReadRow for T {
    fn from_row(row: RawRow<'_>) -> Result<Self> {
        T::decode(&mut row.cells())
    }
}

impl ReadRow for Row {
    fn from_row(row: RawRow<'_>) -> Result<Self> {
        // What is not known yet is looked up before the row is given out.
        let mut hidden = row.row.columns().iter().filter_map(hidden_type);
        if hidden.any(|oid| row.lookup.read_as(oid).is_none()) {
            return Err(Error::new(ErrorKind::Conversion, "the type of a column is not known"));
        }
        Ok(Self { row: row.row.clone(), types: Arc::clone(row.types) })
    }
}

impl ReadRow for DriverRow {
    fn from_row(row: RawRow<'_>) -> Result<Self> {
        Ok(row.row.clone())
    }
}

/// A row whose columns are known only when it is here.
///
/// ```no_run
/// # use orm_core::exec::{Db, Row};
/// # async fn run(db: Db) -> orm_core::Result<()> {
/// let rows: Vec<Row> = db.query("SELECT relname::text, reltuples FROM pg_class", &[]).await?;
/// for row in &rows {
///     let name: String = row.get("relname")?;
///     let count: f32 = row.get(1)?;
///     println!("{name}: {count}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Row {
    row: DriverRow,
    types: Arc<KnownTypes>,
}

impl Row {
    /// The value of a column, by name or by place (from 0). Of columns of one name it is the first.
    ///
    /// # Errors
    /// There is no such column; it has another type than `T` reads; it is NULL and `T` is no `Option`.
    pub fn get<T: Decode>(&self, column: impl ColumnIndex) -> Result<T> {
        let index = column.find(self)?;
        let lookup = Lookup::new(&self.types);
        let mut cells = Cells::of_row(&self.row, &lookup);
        cells.skip(index)?;
        T::decode(&mut cells).map_err(as_raw)
    }

    /// All columns in their order, as a struct of a table or a tuple.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn read<T: Decode>(&self) -> Result<T> {
        self.get(0)
    }

    /// How many columns it has.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether it has no column.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// The names of the columns, in their order.
    pub fn column_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.row.columns().iter().map(tokio_postgres::Column::name)
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Row").field(&self.column_names().collect::<Vec<_>>()).finish()
    }
}

/// A column of a [`Row`]: its name, or its place from 0.
pub trait ColumnIndex: sealed::Sealed {
    /// Its place.
    #[doc(hidden)]
    fn find(&self, row: &Row) -> Result<usize>;
}

mod sealed {
    /// Keeps the list closed.
    pub trait Sealed {}
}

impl sealed::Sealed for usize {}
impl ColumnIndex for usize {
    fn find(&self, row: &Row) -> Result<usize> {
        if *self < row.len() || *self == 0 {
            return Ok(*self);
        }
        Err(missing(row, &format!("number {self}")))
    }
}

impl sealed::Sealed for &str {}
impl ColumnIndex for &str {
    fn find(&self, row: &Row) -> Result<usize> {
        row.column_names()
            .position(|name| name == *self)
            .ok_or_else(|| missing(row, &format!("\"{self}\"")).at(None, Some(self)))
    }
}

fn missing(row: &Row, what: &str) -> Error {
    let names: Vec<String> = row.column_names().map(|name| format!("\"{name}\"")).collect();
    Error::new(
        ErrorKind::Conversion,
        format!("the row has no column {what}; it has {}", names.join(", ")),
    )
    .with_hint("names are written as the server gives them, in lower case unless quoted; places begin with 0")
}

/// What to do where a column of SQL that a user wrote is read as another type: no struct has declared it.
pub(super) fn as_raw(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Conversion => error.with_hint(
            "read it as the Rust type of its SQL type (`Option` where it may be NULL), or cast it in the SQL: CAST(.. AS ..)",
        ),
        _ => error,
    }
}
