//! [`Table`]: what `#[derive(Table)]` implements.

use super::insert::{InsertBuilder, Missing, Values};
use super::node::Field;
use super::scope::{Required, Source};
use super::{Delete, Query, Unfiltered, Update};
use crate::error::Result;
use crate::schema;
use crate::types::cells::{Cells, DecodeOptional};
use crate::types::nested::{ListElement, Nested};
use std::marker::PhantomData;

/// A struct that is the row of a table. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "not a table",
    note = "put `#[derive(Table)]` on the struct `{Self}`"
)]
pub trait Table:
    Source<Row = Self> + DecodeOptional + Nested + ListElement + Send + Sync + 'static
{
    /// The PostgreSQL schema of the table.
    const SCHEMA: &'static str;
    /// The name of the table.
    const NAME: &'static str;
    /// The table as a catalog would describe it.
    const TABLE: &'static schema::Table;
    /// What only Rust knows of the columns, in their order.
    const FIELDS: &'static [Field];
    /// A column that is never NULL: where it is, a left join found no row.
    const PRESENCE: Option<usize>;
    /// Whether the struct was read without mistakes: of one with mistakes, what it does not have is no mistake of others.
    #[doc(hidden)]
    const IS_WHOLE: bool = true;
    /// The columns, seen through the source `S`: the fields of an alias.
    type Columns<S: Source>: ColumnSet;
    /// The builder of an insert, in which no column is set yet.
    type Insert: InsertBuilder<Table = Self> + Default;

    /// Starts a select of whole rows.
    ///
    /// Without a filter it reads every row.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// async fn everybody(db: &Db) -> orm::Result<Vec<User>> {
    ///     User::query().all(db).await
    /// }
    /// ```
    fn query() -> Query<(Required<Self>,), Self> {
        Query::of_table()
    }

    /// Starts an insert: call the setters named like the columns, then `execute` or `returning`.
    fn insert() -> Self::Insert
    where
        Self: Writable,
    {
        Self::Insert::default()
    }

    /// Starts an update. It runs after `.filter(..)`, or `.all_rows()`.
    fn update() -> Update<Self, Unfiltered<Self>>
    where
        Self: Writable,
    {
        Update::new()
    }

    /// Starts a delete. It runs after `.filter(..)`, or `.all_rows()`.
    fn delete() -> Delete<Self, Unfiltered<Self>>
    where
        Self: Writable,
    {
        Delete::new()
    }
}

/// A struct of column handles, one for each column of a table. Implemented by `#[derive(Table)]`.
pub trait ColumnSet: Sized + 'static {
    /// The handles.
    const ALL: &'static Self;
}

/// A table whose rows are written: every one that is not a view. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a view: its rows are only read",
    label = "a view is not written",
    note = "write to the tables that the view reads"
)]
pub trait Writable {}

/// The insert of a view, which nothing makes.
#[derive(Debug)]
pub struct NoInsert<T>(PhantomData<fn() -> T>);

impl<T> Default for NoInsert<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: Table> InsertBuilder for NoInsert<T> {
    type Table = T;
    type State = Missing<T>;

    fn into_values(self) -> Values {
        Values::new()
    }
}

/// The row of a left join: `None` where no row matched.
///
/// # Errors
/// A value that is not of the expected type.
pub fn row_or_none<T: Table>(cells: &mut Cells<'_>) -> Result<Option<T>> {
    let width = T::FIELDS.len();
    let missing = match T::PRESENCE {
        Some(position) => cells.is_null_at(position)?,
        // Every column may be NULL: a row of NULLs is taken for no row.
        None => (0..width)
            .try_fold(true, |all, at| Ok::<_, crate::Error>(all && cells.is_null_at(at)?))?,
    };
    if missing {
        cells.skip(width)?;
        return Ok(None);
    }
    T::decode(cells).map(Some)
}
