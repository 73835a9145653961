//! `ON CONFLICT`: manual, INSERT, "ON CONFLICT Clause".

use super::super::Table;
use super::super::assignment::Assignments;
use super::super::changed::Excluded;
use super::super::column::{Column, Same, TableColumn};
use super::super::expr::Expr;
use super::super::expression::{Boolean, Expression};
use super::super::node::{self, Assigned, Conflict, ConflictUpdate, List, Name, Node};
use super::super::reads::{InScope, Only, PerRow};
use super::super::scope::Required;
use super::super::update::add_client_values;
use super::{Insert, Upsert};
use crate::schema::IdentityKind;
use crate::schema::names::implied;
use std::marker::PhantomData;

/// What an upsert reads: the row that exists, and the one that was proposed.
type Both<T> = (Required<T>, Required<Excluded<T>>);

/// An insert that waits to hear what to do on a conflict.
#[must_use = "say `.do_nothing()` or `.do_update(..)`"]
pub struct OnConflict<T, By = Columns> {
    insert: Insert<T>,
    target: node::ConflictTarget,
    by: PhantomData<fn() -> By>,
}

/// A conflict is told by columns.
pub enum Columns {}
/// A conflict is told by the name of a constraint.
pub enum Named {}

impl<T: Table, By> std::fmt::Debug for OnConflict<T, By> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "on conflict {:?} of {:?}", self.target, self.insert)
    }
}

impl<T: Table> OnConflict<T> {
    /// The condition of a partial unique index: `ON CONFLICT (..) WHERE ..`. The condition of the index must follow from it.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let insert = User::insert()
    ///     .id("ada")
    ///     .name("Ada")
    ///     .email("ada@example.com")
    ///     .on_conflict(User::email)
    ///     .filter(User::image.is_null())
    ///     .do_nothing();
    /// assert!(insert.to_sql().text.ends_with(r#"ON CONFLICT ("email") WHERE "image" IS NULL DO NOTHING"#));
    /// ```
    pub fn filter<C>(mut self, condition: C) -> Self
    where
        C: Expression<Reads: Only<T> + PerRow>,
        C::Value: Boolean,
    {
        if let node::ConflictTarget::Columns(_, filters) = &mut self.target {
            filters.push(condition.into_node());
        }
        self
    }
}

impl<T: Table, By> OnConflict<T, By> {
    pub(super) fn new(insert: Insert<T>, target: node::ConflictTarget) -> Self {
        Self { insert, target, by: PhantomData }
    }

    /// Leaves the row that exists as it is.
    pub fn do_nothing(mut self) -> Insert<T> {
        self.insert.node.conflict = Some(Conflict { target: self.target, update: None });
        self.insert
    }

    /// Updates the row that exists; columns with `on_update = ..` are set too.
    ///
    /// A column alone is that of the row that exists, [`excluded`](crate::query::excluded) that of the row that was to be
    /// inserted. It sets at least one column: an insert whose assignments turn out to be none (an `Option` that is
    /// `None`, an empty `Vec`) is an error when it is run, and not silently [`do_nothing`](Self::do_nothing).
    pub fn do_update<A: Assignments<T, Place, Both<T>>, Place>(
        self,
        assignments: A,
    ) -> Insert<T, Upsert> {
        let mut set = Assigned::None;
        assignments.append_to(&mut set);
        self.update(set)
    }

    /// Updates the row that exists: every column that the insert sets, but those of the target, gets the value that was
    /// proposed.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let upsert = User::insert().id("ada").name("Ada").email("a@b").on_conflict(User::id).do_update_all();
    /// assert!(upsert.to_sql().text.ends_with(
    ///     r#"DO UPDATE SET "name" = excluded."name", "email" = excluded."email", "updated_at" = now()"#
    /// ));
    /// ```
    pub fn do_update_all(self) -> Insert<T, Upsert> {
        let key = self.key();
        let columns = self.insert.node.columns.iter().filter_map(|at| T::TABLE.columns.get(*at));
        let always = |kind: &crate::schema::Identity| matches!(kind.kind, IdentityKind::Always);
        let set = columns
            .filter(|column| !key.contains(&&*column.name))
            .filter(|column| !column.identity.as_ref().is_some_and(always))
            .map(|column| -> (&'static str, Node) {
                (&column.name, Node::ColumnOfRow("excluded", &column.name))
            });
        let set: Assigned = set.collect();
        self.update(set)
    }

    fn update(mut self, mut set: Assigned) -> Insert<T, Upsert> {
        if !set.is_empty() {
            add_client_values(T::TABLE, T::FIELDS, &mut set);
        }
        let update = Some(ConflictUpdate { set, filters: Vec::new() });
        self.insert.node.conflict = Some(Conflict { target: self.target, update });
        Insert { node: self.insert.node, types: PhantomData }
    }

    /// The columns that decide.
    fn key(&self) -> Vec<&str> {
        match &self.target {
            node::ConflictTarget::Any => Vec::new(),
            node::ConflictTarget::Columns(columns, _) => columns
                .iter()
                .filter_map(|column| match column {
                    Node::Column { column, .. } => Some(*column),
                    _ => None,
                })
                .collect(),
            node::ConflictTarget::Constraint(name) => constrained(T::TABLE, name),
        }
    }
}

/// The columns of a unique constraint, or of the primary key.
fn constrained(table: &'static crate::schema::Table, name: &str) -> Vec<&'static str> {
    let names =
        |columns: &'static [crate::schema::Text]| columns.iter().map(|name| &**name).collect();
    let key = table.primary_key.as_ref().filter(|key| match &key.name {
        Some(own) => own == name,
        None => implied(&table.name, &[], "pkey") == name,
    });
    if let Some(key) = key {
        return names(&key.columns);
    }
    let unique = table.uniques.iter().find(|unique| match &unique.name {
        Some(own) => own == name,
        None => {
            let columns: Vec<&str> = unique.columns.iter().map(|name| &**name).collect();
            implied(&table.name, &columns, "key") == name
        }
    });
    unique.map_or_else(Vec::new, |unique| names(&unique.columns))
}

impl<T: Table> Insert<T, Upsert> {
    /// Updates the row that exists only where `condition` holds: `DO UPDATE SET .. WHERE ..`. Else it is left as it is, and
    /// neither counted nor returned.
    pub fn filter<C, Place>(mut self, condition: C) -> Self
    where
        C: Expression,
        C::Value: Boolean,
        C::Reads: InScope<Both<T>, Place> + PerRow,
    {
        let conflict = self.node.conflict.as_mut();
        if let Some(update) = conflict.and_then(|conflict| conflict.update.as_mut()) {
            update.filters.push(condition.into_node());
        }
        self
    }
}

/// A unique constraint by its name: `on_conflict(orm::constraint("user_email_key"))`.
///
/// The name is quoted: it may come from anywhere.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let insert = User::insert()
///     .id("ada")
///     .name("Ada")
///     .email("ada@example.com")
///     .on_conflict(orm::constraint("user_email_key"))
///     .do_nothing();
/// assert!(insert.to_sql().text.ends_with(r#"ON CONFLICT ON CONSTRAINT "user_email_key" DO NOTHING"#));
/// ```
pub fn constraint(name: impl Into<Name>) -> ConstraintName {
    ConstraintName(name.into())
}

/// What [`constraint`] gives.
#[derive(Debug, Clone)]
pub struct ConstraintName(Name);

/// What decides whether a row of table `T` is in conflict with one that exists; `By` says whether it has a condition.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns of table `{T}`",
    label = "not columns of `{T}`",
    note = "give a column, `{T}::email`, an expression over columns, a tuple of them, or `orm::constraint(\"name\")`"
)]
pub trait ConflictTarget<T, By> {
    #[doc(hidden)]
    fn into_target(self) -> node::ConflictTarget;
}

/// A column of the table `T`, or an expression over its columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of table `{T}`",
    label = "not a column of `{T}`"
)]
pub trait ColumnOf<T> {
    #[doc(hidden)]
    fn into_element(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T, C: TableColumn> ColumnOf<T> for Column<C>
where
    C::Source: Same<T>,
{
    fn into_element(self) -> Node {
        self.node()
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: crate::types::Value, R: Only<T> + PerRow> ColumnOf<T> for Expr<V, R> {
    fn into_element(self) -> Node {
        self.into_node()
    }
}

impl<T> ConflictTarget<T, Named> for ConstraintName {
    fn into_target(self) -> node::ConflictTarget {
        node::ConflictTarget::Constraint(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<T, C> ConflictTarget<T, Columns> for Column<C>
where
    Self: ColumnOf<T>,
{
    fn into_target(self) -> node::ConflictTarget {
        node::ConflictTarget::Columns(List::One(self.into_element()), Vec::new())
    }
}

#[diagnostic::do_not_recommend]
impl<T, V, R> ConflictTarget<T, Columns> for Expr<V, R>
where
    Self: ColumnOf<T>,
{
    fn into_target(self) -> node::ConflictTarget {
        node::ConflictTarget::Columns(List::One(self.into_element()), Vec::new())
    }
}

macro_rules! targets {
    ($($name:ident $value:ident),+) => {
        impl<T, $($name: ColumnOf<T>),+> ConflictTarget<T, Columns> for ($($name,)+) {
                    fn into_target(self) -> node::ConflictTarget {
                let ($($value,)+) = self;
                node::ConflictTarget::Columns([$($value.into_element()),+].into_iter().collect(), Vec::new())
            }
        }
    };
}

targets!(A a);
targets!(A a, B b);
targets!(A a, B b, C c);
targets!(A a, B b, C c, D d);
targets!(A a, B b, C c, D d, E e);
targets!(A a, B b, C c, D d, E e, F f);
targets!(A a, B b, C c, D d, E e, F f, G g);
targets!(A a, B b, C c, D d, E e, F f, G g, H h);
