//! [`Returning`]: an insert, update or delete that gives rows.

use super::node::Statement;
use std::marker::PhantomData;

/// A statement that changes rows and gives values of type `Row`.
#[must_use = "a statement does nothing until it is run: `.all(&db)`, `.one(&db)`, .."]
pub struct Returning<Row> {
    pub(crate) statement: Statement,
    row: PhantomData<fn() -> Row>,
}

impl<R> Clone for Returning<R> {
    fn clone(&self) -> Self {
        Self::new(self.statement.clone())
    }
}

impl<R> std::fmt::Debug for Returning<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.statement.fmt(f)
    }
}

impl<Row> Returning<Row> {
    pub(crate) fn new(statement: Statement) -> Self {
        Self { statement, row: PhantomData }
    }

    pub(crate) fn into_statement(self) -> Statement {
        self.statement
    }
}
