//! [`Update`]: an update, which runs only when it says which rows.

use super::Table;
use super::assignment::Assignments;
use super::expr::Expr;
use super::node::{Field, Node, Output, SourceRef, Statement, UpdateNode};
use super::returning::Returning;
use super::scope::{In, InScope};
use super::selection::Selection;
use std::marker::PhantomData;

/// An update or delete that does not yet say which rows of `T`.
pub struct Unfiltered<T>(PhantomData<T>);
/// An update or delete that says which rows.
pub enum Filtered {}

/// An update or delete says which rows.
#[diagnostic::on_unimplemented(
    message = "this statement would change every row of table `{T}`",
    label = "no filter",
    note = "say which rows with `.filter(..)`, or that you mean all of them with `.all_rows()`"
)]
pub trait Restricted<T> {}
impl<T> Restricted<T> for Filtered {}

/// An update of table `T`.
#[must_use = "an update does nothing until it is run: `.execute(&db)`"]
pub struct Update<T, Rows> {
    node: UpdateNode,
    types: PhantomData<fn() -> (T, Rows)>,
}

impl<T, R> Clone for Update<T, R> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}

impl<T, R> std::fmt::Debug for Update<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T: Table> Update<T, Unfiltered<T>> {
    pub(crate) fn new() -> Self {
        let source: SourceRef = T::SOURCE;
        Self {
            node: UpdateNode {
                source,
                set: Vec::new(),
                filters: Vec::new(),
                returning: Vec::new(),
            },
            types: PhantomData,
        }
    }
}

impl<T: Table, Rows> Update<T, Rows> {
    /// Sets columns: one assignment, a tuple, a list, or an `Option` of them.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let image: Option<&str> = None;
    /// let update = User::update()
    ///     .set((User::name.to("Ada"), User::email_verified.to(true)))
    ///     .set(image.map(|image| User::image.to(image)))
    ///     .filter(User::id.eq("ada"));
    /// let sql = update.to_sql().text;
    /// assert!(sql.starts_with(r#"UPDATE "user" SET "name" = $1, "email_verified" = $2"#));
    /// ```
    pub fn set<A: Assignments<T>>(mut self, assignments: A) -> Self {
        assignments.append_to(&mut self.node.set);
        self
    }

    /// Changes only the rows for which `condition` holds; called twice, both must hold.
    pub fn filter<S, Place>(mut self, condition: Expr<bool, S>) -> Update<T, Filtered>
    where
        S: InScope<(In<T>,), Place>,
    {
        self.node.filters.push(condition.into_node());
        self.retyped()
    }

    /// Changes every row of the table.
    pub fn all_rows(self) -> Update<T, Filtered> {
        self.retyped()
    }

    fn retyped(self) -> Update<T, Filtered> {
        Update { node: self.node, types: PhantomData }
    }
}

impl<T: Table, Rows> Update<T, Rows> {
    /// The statement; columns with `on_update = ..` that are not set get their value.
    pub(crate) fn into_statement(mut self) -> Statement
    where
        Rows: Restricted<T>,
    {
        // An update that sets nothing stays one that sets nothing: it is refused, not made one that
        // only moves `updated_at`.
        if !self.node.set.is_empty() {
            add_client_values(T::TABLE, T::FIELDS, &mut self.node.set);
        }
        Statement::Update(self.node)
    }

    /// Gives the rows as they are after the update.
    pub fn returning(mut self) -> Returning<T>
    where
        Rows: Restricted<T>,
    {
        self.node.returning = vec![Output::Source(T::SOURCE)];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows as they are after the update.
    pub fn returning_columns<L, Places>(mut self, list: L) -> Returning<L::Row>
    where
        L: Selection<(In<T>,), Places>,
        Rows: Restricted<T>,
    {
        self.node.returning = list.into_outputs();
        Returning::new(self.into_statement())
    }
}

/// Adds the values of `on_update = ..` for the columns that are not set.
pub(crate) fn add_client_values(
    table: &'static crate::schema::Table,
    fields: &[Field],
    set: &mut Vec<(&'static str, Node)>,
) {
    for (column, field) in table.columns.iter().zip(fields) {
        let Some(make) = field.on_update else { continue };
        let name: &'static str = &column.name;
        if !set.iter().any(|(column, _)| *column == name) {
            set.push((name, make()));
        }
    }
}
