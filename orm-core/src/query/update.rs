//! [`Update`]: an update, which runs only when it says which rows.

use super::Table;
use super::assignment::Assignments;
use super::changed::{New, Old};
use super::expression::{Boolean, Expression};
use super::insert::{target, whole};
use super::node::{Assigned, Field, List, Statement, UpdateNode};
use super::reads::{InScope, PerRow};
use super::returning::Returning;
use super::scope::{HasRoom, NotYetIn, Required, Scope};
use super::selection::Selection;
use super::source::IntoSource;
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

/// An update of table `T`, which reads the sources `Sources`.
#[must_use = "an update does nothing until it is run: `.execute(&db)`"]
pub struct Update<T, Rows, Sources = (Required<T>,)> {
    node: UpdateNode,
    types: PhantomData<fn() -> (T, Rows, Sources)>,
}

impl<T, R, S> Clone for Update<T, R, S> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), types: PhantomData }
    }
}

impl<T, R, S> std::fmt::Debug for Update<T, R, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T: Table> Update<T, Unfiltered<T>> {
    pub(crate) fn new() -> Self {
        Self::of(Self::empty())
    }
}

impl<T: Table, Rows> Update<T, Rows> {
    pub(crate) fn of(node: UpdateNode) -> Self {
        Self { node, types: PhantomData }
    }

    /// An update that sets nothing yet.
    pub(crate) fn empty() -> UpdateNode {
        UpdateNode {
            with: Vec::new(),
            target: target::<T>(),
            set: List::None,
            from: Vec::new(),
            joins: Vec::new(),
            filters: List::None,
            returning: Vec::new(),
            is_empty: false,
        }
    }
}

/// What `RETURNING` reads: the sources, and the row of the table before and after.
type Changes<Sources, T> =
    <<Sources as Scope>::With<Required<Old<T>>> as Scope>::With<Required<New<T>>>;

impl<T: Table, Rows, Sources> Update<T, Rows, Sources> {
    /// Reads another source: `UPDATE .. FROM`. Columns can be set from it; a filter says which of its rows belong to a
    /// row of the table.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// let update = Session::update()
    ///     .from(User)
    ///     .set(Session::user_agent.set(User::name))
    ///     .filter(Session::user_id.eq(User::id));
    /// assert!(update.to_sql().text.contains(r#"SET "user_agent" = "user"."name""#));
    /// assert!(update.to_sql().text.ends_with(r#" FROM "user" WHERE "session"."user_id" = "user"."id""#));
    /// ```
    pub fn from<F>(mut self, source: F) -> Update<T, Rows, Sources::With<Required<F::Source>>>
    where
        Sources: Scope + HasRoom,
        F: IntoSource,
        F::Source: NotYetIn<Sources>,
    {
        self.node.from.push(source.into_item());
        self.retyped()
    }

    /// Sets columns: one assignment, a tuple, a list, or an `Option` of them.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let image: Option<&str> = None;
    /// let update = User::update()
    ///     .set((User::name.set("Ada"), User::email_verified.set(true)))
    ///     .set(image.map(|image| User::image.set(image)))
    ///     .filter(User::id.eq("ada"));
    /// let sql = update.to_sql().text;
    /// assert!(sql.starts_with(r#"UPDATE "user" SET "name" = $1, "email_verified" = $2"#));
    /// ```
    pub fn set<A: Assignments<T, Place, Sources>, Place>(mut self, assignments: A) -> Self {
        assignments.append_to(&mut self.node.set);
        self
    }

    /// Changes only the rows for which `condition` holds; called twice, both must hold.
    ///
    /// An update whose only condition is an empty list, `orm::all([])`, is refused when it is run.
    pub fn filter<C, Place>(mut self, condition: C) -> Update<T, Filtered, Sources>
    where
        C: Expression,
        C::Value: Boolean,
        C::Reads: InScope<Sources, Place> + PerRow,
    {
        self.node.filters.push(condition.into_node());
        self.retyped()
    }

    /// Changes every row of the table.
    pub fn all_rows(self) -> Update<T, Filtered, Sources> {
        self.retyped()
    }

    fn retyped<NewRows, NewSources>(self) -> Update<T, NewRows, NewSources> {
        Update { node: self.node, types: PhantomData }
    }

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
    pub fn returning_all(mut self) -> Returning<T, T>
    where
        Rows: Restricted<T>,
    {
        self.node.returning = vec![whole::<T>()];
        Returning::new(self.into_statement())
    }

    /// Gives these columns and expressions of the rows as they are after the update.
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

/// Adds the values of `on_update = ..` for the columns that are not set.
pub(crate) fn add_client_values(
    table: &'static crate::schema::Table,
    fields: &[Field],
    set: &mut Assigned,
) {
    for (column, field) in table.columns.iter().zip(fields) {
        let Some(make) = field.on_update else { continue };
        let name: &'static str = &column.name;
        if !set.iter().any(|(column, _)| *column == name) {
            set.push((name, super::node::made(make)));
        }
    }
}
