//! Reading a page.

use crate::error::Result;
use crate::exec::Executor;
use crate::exec::run::rows_of_tree;
use crate::query::{Page, Paged};
use crate::sql::{Sql, written};
use crate::types::cells::Decode;

impl<S, Row: Decode, H> Paged<S, Row, H> {
    /// Reads the page.
    ///
    /// # Errors
    /// [`ErrorKind::Cursor`](crate::ErrorKind::Cursor) where the cursor was changed or cut short, or belongs to another order: a
    /// server answers 400. [`ErrorKind::Query`](crate::ErrorKind::Query) where the query cannot be read in pages. Else as
    /// [`all`](crate::query::Query::all).
    pub async fn fetch(self, executor: &(impl Executor + ?Sized)) -> Result<Page<Row>> {
        let plan = self.into_plan(written)?;
        let found = rows_of_tree(executor.as_dyn(), &plan.statement).await?;
        Ok(plan.page(found))
    }
}

impl<S, Row, H> Paged<S, Row, H> {
    /// The SQL and the values of its parameters, without a database.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch), for the cursor and the query.
    pub fn to_sql(&self) -> Result<Sql> {
        Ok(Sql::of(&self.clone().into_plan(written)?.statement))
    }
}
