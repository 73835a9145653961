//! [`Truncate`] and [`Refresh`]: statements that have no rows.

use super::node::Statement;
use super::scope::{Handle, Source};
use super::{Table, Writable};
use crate::schema;

/// A materialized view: its rows are those of its query when it was last refreshed. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a materialized view",
    label = "not refreshed",
    note = "a materialized view has `#[table(materialized_view = \"..\")]`"
)]
pub trait Materialized: Source {}

/// Empties tables: one, or a tuple of them. PostgreSQL refuses a table that another references, unless that one is emptied too
/// (manual, TRUNCATE).
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// let both = orm::truncate((Session, User)).restart_identity().cascade();
/// assert_eq!(both.to_sql(), r#"TRUNCATE TABLE "session", "user" RESTART IDENTITY CASCADE"#);
/// ```
pub fn truncate(tables: impl Tables) -> Truncate {
    Truncate { tables: tables.tables(), restarts: false, cascades: false }
}

/// Tables to empty. It runs by `.execute(&db)`.
#[must_use = "nothing is emptied until it is run: `.execute(&db)`"]
#[derive(Debug, Clone)]
pub struct Truncate {
    pub(crate) tables: Vec<&'static schema::Table>,
    pub(crate) restarts: bool,
    pub(crate) cascades: bool,
}

impl Truncate {
    /// `RESTART IDENTITY`: the sequences of the columns start again.
    pub fn restart_identity(mut self) -> Self {
        self.restarts = true;
        self
    }

    /// `CASCADE`: every table that references one of these is emptied too.
    pub fn cascade(mut self) -> Self {
        self.cascades = true;
        self
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::Truncate(self)
    }
}

/// A table, or a tuple of tables.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table, nor a tuple of tables",
    label = "not a table",
    note = "give the names of tables' structs: `orm::truncate((Session, User))`"
)]
pub trait Tables {
    #[doc(hidden)]
    fn tables(self) -> Vec<&'static schema::Table>;
}

impl<T: Table + Writable> Tables for Handle<T> {
    fn tables(self) -> Vec<&'static schema::Table> {
        vec![T::TABLE]
    }
}

macro_rules! tables {
    ($($name:ident),+) => {
        impl<$($name: Table + Writable),+> Tables for ($(Handle<$name>,)+) {
            fn tables(self) -> Vec<&'static schema::Table> {
                vec![$($name::TABLE),+]
            }
        }
    };
}

tables!(A);
tables!(A, B);
tables!(A, B, C);
tables!(A, B, C, D);
tables!(A, B, C, D, E);
tables!(A, B, C, D, E, F);
tables!(A, B, C, D, E, F, G);
tables!(A, B, C, D, E, F, G, H);

/// Runs the query of a materialized view again (manual, REFRESH MATERIALIZED VIEW).
pub fn refresh<T: Table + Materialized>(_: Handle<T>) -> Refresh {
    Refresh { view: T::TABLE, concurrently: false, empties: false }
}

/// A materialized view to refresh. It runs by `.execute(&db)`.
#[must_use = "nothing is refreshed until it is run: `.execute(&db)`"]
#[derive(Debug, Clone)]
pub struct Refresh {
    pub(crate) view: &'static schema::Table,
    pub(crate) concurrently: bool,
    pub(crate) empties: bool,
}

impl Refresh {
    /// `CONCURRENTLY`: the view can be read meanwhile. It needs a unique index over columns, without a condition, and a view
    /// that was filled before.
    pub fn concurrently(mut self) -> Self {
        self.concurrently = true;
        self
    }

    /// `WITH NO DATA`: the view is emptied, and cannot be read until it is refreshed again.
    pub fn with_no_data(mut self) -> Self {
        self.empties = true;
        self
    }

    pub(crate) fn into_statement(self) -> Statement {
        Statement::Refresh(self)
    }
}
