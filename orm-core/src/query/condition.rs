//! [`Condition`]: one type for a condition over sources, whatever made it; and what `filter` takes.

use super::column::{Column, TableColumn};
use super::expr::Expr;
use super::expression::{Boolean, Expression};
use super::node::Node;
use super::operand::Computed;
use super::reads::{InFilter, InScope, Only, PerRow, Within};
use super::scope::{Required, Source};
use std::marker::PhantomData;

/// A condition over the sources `T`: a table, or a tuple of tables.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// use orm::{Condition, all};
/// fn search(name: Option<&str>, verified: bool) -> Condition<User> {
///     let mut conditions: Vec<Condition<User>> = Vec::new();
///     conditions.extend(name.map(|name| User::name.eq(name).into()));
///     if verified {
///         conditions.push(User::email_verified.condition());
///     }
///     all(conditions).condition()
/// }
/// let query = User::query().filter(search(Some("Ada"), true)).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" = $1 AND "user"."email_verified""#));
/// ```
#[must_use = "a condition does nothing until a query uses it"]
pub struct Condition<T> {
    node: Node,
    sources: PhantomData<fn() -> T>,
}

impl<T> Condition<T> {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, sources: PhantomData }
    }
}

impl<T> Clone for Condition<T> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<T> std::fmt::Debug for Condition<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<T> Expression for Condition<T> {
    type Value = Option<bool>;
    type Reads = Within<T>;
    type Subject = Computed<Option<bool>>;

    fn into_node(self) -> Node {
        self.node
    }
}

impl<T> std::ops::Not for Condition<T> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(Node::Prefix("NOT", Box::new(self.node)))
    }
}

/// Of one source, `.into()` is enough.
impl<V: Boolean, R: Only<T> + PerRow, T: Source> From<Expr<V, R>> for Condition<T> {
    fn from(expression: Expr<V, R>) -> Self {
        Self::new(expression.into_node())
    }
}

impl<C: TableColumn> From<Column<C>> for Condition<C::Source>
where
    C::Value: Boolean,
{
    fn from(column: Column<C>) -> Self {
        Self::new(column.into_node())
    }
}

/// A source, or a tuple of sources.
pub trait Sources {
    /// The scope of a query that reads them.
    type Scope;
}

impl<S: Source> Sources for S {
    type Scope = (Required<S>,);
}

macro_rules! sources {
    ($($name:ident)+) => {
        impl<$($name: Source),+> Sources for ($($name,)+) {
            type Scope = ($(Required<$name>,)+);
        }
    };
}

sources!(A);
sources!(A B);
sources!(A B C);
sources!(A B C D);
sources!(A B C D E);
sources!(A B C D E F);

/// What `filter` takes: a condition, a boolean column, or an `Option` of one, where `None` filters nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "not a condition",
    note = "compare a column, `User::name.eq(..)`, or combine conditions with `all(..)` and `any(..)`"
)]
pub trait IntoCondition<Scope, Place> {
    #[doc(hidden)]
    fn into_condition(self) -> Option<Node>;
}

impl<E: Expression, Scope, Place> IntoCondition<Scope, (Place,)> for E
where
    E::Value: Boolean,
    E::Reads: InFilter + InScope<Scope, Place>,
{
    fn into_condition(self) -> Option<Node> {
        Some(self.into_node())
    }
}

/// `true` is every row, as the condition of a lateral join.
impl<Scope> IntoCondition<Scope, ()> for bool {
    fn into_condition(self) -> Option<Node> {
        Some(Node::Constant(if self { "true" } else { "false" }))
    }
}

impl<E: IntoCondition<Scope, Place>, Scope, Place> IntoCondition<Scope, Place> for Option<E> {
    fn into_condition(self) -> Option<Node> {
        self.and_then(E::into_condition)
    }
}

/// All of these conditions hold. An empty list holds.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let names = ["a%", "b%"].map(|pattern| User::name.not_like(pattern));
/// let query = User::query().filter(orm::all(names)).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" NOT LIKE $1 AND "user"."name" NOT LIKE $2"#));
/// ```
pub fn all<E: Expression>(conditions: impl IntoIterator<Item = E>) -> Expr<E::Value, E::Reads>
where
    E::Value: Boolean,
{
    Expr::new(Node::And(conditions.into_iter().map(E::into_node).collect()))
}

/// One of these conditions holds, or several. An empty list does not hold.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let names = ["a%", "b%"].map(|pattern| User::name.like(pattern));
/// let query = User::query().filter(orm::any(names)).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#"WHERE "user"."name" LIKE $1 OR "user"."name" LIKE $2"#));
/// ```
pub fn any<E: Expression>(conditions: impl IntoIterator<Item = E>) -> Expr<E::Value, E::Reads>
where
    E::Value: Boolean,
{
    Expr::new(Node::Or(conditions.into_iter().map(E::into_node).collect()))
}
