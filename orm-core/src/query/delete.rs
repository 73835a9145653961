//! [`Delete`]: a delete, which runs only when it says which rows.

use super::expr::Expr;
use super::node::{DeleteNode, Output, Statement};
use super::returning::Returning;
use super::scope::{In, InScope};
use super::selection::Selection;
use super::{Filtered, Restricted, Table, Unfiltered};
use std::marker::PhantomData;

/// A delete from table `T`.
#[must_use = "a delete does nothing until it is run: `.execute(&db)`"]
pub struct Delete<T, Rows> {
    node: DeleteNode,
    types: PhantomData<fn() -> (T, Rows)>,
}

impl<T, R> Clone for Delete<T, R> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}

impl<T, R> std::fmt::Debug for Delete<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T: Table> Delete<T, Unfiltered<T>> {
    pub(crate) fn new() -> Self {
        Self {
            node: DeleteNode { source: T::SOURCE, filters: Vec::new(), returning: Vec::new() },
            types: PhantomData,
        }
    }
}

impl<T: Table, Rows> Delete<T, Rows> {
    /// Deletes only the rows for which `condition` holds; called twice, both must hold.
    ///
    /// ```
    /// use auth::Session;
    /// use orm::prelude::*;
    /// let delete = Session::delete().filter(Session::expires_at.lt(Utc::now()));
    /// assert_eq!(delete.to_sql(), r#"DELETE FROM "session" WHERE "session"."expires_at" < $1"#);
    /// ```
    pub fn filter<S, Place>(mut self, condition: Expr<bool, S>) -> Delete<T, Filtered>
    where
        S: InScope<(In<T>,), Place>,
    {
        self.node.filters.push(condition.into_node());
        Delete { node: self.node, types: PhantomData }
    }

    /// Deletes every row of the table.
    pub fn all_rows(self) -> Delete<T, Filtered> {
        Delete { node: self.node, types: PhantomData }
    }
}

impl<T: Table, Rows> Delete<T, Rows> {
    pub(crate) fn into_statement(self) -> Statement
    where
        Rows: Restricted<T>,
    {
        Statement::Delete(self.node)
    }

    /// Gives the rows as they were.
    pub fn returning(mut self) -> Returning<T>
    where
        Rows: Restricted<T>,
    {
        self.node.returning = vec![Output::Source(T::SOURCE)];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows as they were.
    pub fn returning_columns<L, Places>(mut self, list: L) -> Returning<L::Row>
    where
        L: Selection<(In<T>,), Places>,
        Rows: Restricted<T>,
    {
        self.node.returning = list.into_outputs();
        Returning::new(self.into_statement())
    }
}
