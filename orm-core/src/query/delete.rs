//! [`Delete`]: a delete, which runs only when it says which rows.

use super::Table;
use super::changed::{New, Old};
use super::expression::{Boolean, Expression};
use super::insert::{target, whole};
use super::node::{DeleteNode, List, Statement};
use super::reads::{InScope, PerRow};
use super::returning::Returning;
use super::scope::{HasRoom, NotYetIn, Nullable, Required, Scope};
use super::selection::Selection;
use super::source::IntoSource;
use super::update::{Filtered, Restricted, Unfiltered};
use std::marker::PhantomData;

/// A delete from table `T`, which reads the sources `Sources`.
#[must_use = "a delete does nothing until it is run: `.execute(&db)`"]
pub struct Delete<T, Rows, Sources = (Required<T>,)> {
    node: DeleteNode,
    types: PhantomData<fn() -> (T, Rows, Sources)>,
}

impl<T, R, S> Clone for Delete<T, R, S> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}

impl<T, R, S> std::fmt::Debug for Delete<T, R, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T: Table> Delete<T, Unfiltered<T>> {
    pub(crate) fn new() -> Self {
        let node = DeleteNode {
            with: Vec::new(),
            target: target::<T>(),
            using: Vec::new(),
            joins: Vec::new(),
            filters: List::None,
            returning: Vec::new(),
        };
        Self { node, types: PhantomData }
    }
}

/// What `RETURNING` reads: the sources, and the row of the table before and after.
type Changes<Sources, T> =
    <<Sources as Scope>::With<Required<Old<T>>> as Scope>::With<Nullable<New<T>>>;

impl<T: Table, Rows, Sources> Delete<T, Rows, Sources> {
    /// Reads another source: `DELETE .. USING`. A filter says which of its rows belong to a row of the table.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// let delete = Session::delete()
    ///     .using(User)
    ///     .filter(Session::user_id.eq(User::id).and(User::email_verified.eq(false)));
    /// assert!(delete.to_sql().text.starts_with(r#"DELETE FROM "session" USING "user" WHERE "session"."user_id" = "user"."id""#));
    /// ```
    pub fn using<F>(mut self, source: F) -> Delete<T, Rows, Sources::With<Required<F::Source>>>
    where
        Sources: Scope + HasRoom,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
    {
        self.node.using.push(source.into_item());
        self.retyped()
    }

    /// Deletes only the rows for which `condition` holds; called twice, both must hold.
    ///
    /// A delete whose only condition is an empty list, `orm::all([])`, is refused when it is run.
    ///
    /// ```
    /// use auth::Session;
    /// use orm::prelude::*;
    /// let delete = Session::delete().filter(Session::expires_at.lt(Utc::now()));
    /// assert_eq!(delete.to_sql(), r#"DELETE FROM "session" WHERE "session"."expires_at" < $1"#);
    /// ```
    pub fn filter<C, Place>(mut self, condition: C) -> Delete<T, Filtered, Sources>
    where
        C: Expression,
        C::Value: Boolean,
        C::Reads: InScope<Sources, Place> + PerRow,
    {
        self.node.filters.push(condition.into_node());
        self.retyped()
    }

    /// Deletes every row of the table.
    pub fn all_rows(self) -> Delete<T, Filtered, Sources> {
        self.retyped()
    }

    fn retyped<NewRows, NewSources>(self) -> Delete<T, NewRows, NewSources> {
        Delete { node: self.node, types: PhantomData }
    }

    pub(crate) fn into_statement(self) -> Statement
    where
        Rows: Restricted<T>,
    {
        Statement::Delete(self.node)
    }

    /// Gives the rows as they were.
    pub fn returning_all(mut self) -> Returning<T, T>
    where
        Rows: Restricted<T>,
    {
        self.node.returning = vec![whole::<T>()];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows as they were.
    pub fn returning<L, Places>(mut self, list: L) -> Returning<L::Row>
    where
        Sources: Scope,
        L: Selection<Changes<Sources, T>, Places>,
        L::Reads: PerRow,
        Rows: Restricted<T>,
    {
        list.append_to(&mut self.node.returning);
        Returning::new(self.into_statement())
    }
}
