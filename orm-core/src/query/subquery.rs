//! Subqueries within expressions: manual, section 9.24.

use super::expr::Expr;
use super::node::{Node, Piece, Select};
use super::operand::{Compatible, Fits, Operand};
use super::reads::NeverNull;
use super::scope::Scope;
use super::select::{Query, Selected};
use crate::types::{ArrayElement, Value};
use std::sync::Arc;

/// A query that gives one column: `User::query().select(User::id)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query that selects one column",
    label = "not a query of one column",
    note = "select one column or expression: `Session::query().select(Session::user_id)`"
)]
pub trait Subquery {
    /// The Rust type of the column.
    type Value: Value;
    /// What it reads of the enclosing query.
    type Reads;
    #[doc(hidden)]
    fn into_select(self) -> Select;
}

impl<S: Scope, V: Value, G> Subquery for Query<S, V, Selected<G>> {
    type Value = V;
    type Reads = NeverNull<S::OuterReads>;

    fn into_select(self) -> Select {
        self.select
    }
}

/// Any query, whatever it gives: what `exists` takes.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a query", label = "not a query")]
pub trait AnyQuery {
    /// What it reads of the enclosing query.
    type Reads;
    #[doc(hidden)]
    fn into_any_select(self) -> Select;
}

impl<S: Scope, Row, H> AnyQuery for Query<S, Row, H> {
    type Reads = NeverNull<S::OuterReads>;

    fn into_any_select(self) -> Select {
        self.select
    }
}

/// `EXISTS (..)`: whether the query gives a row.
///
/// A correlated query names the table of the enclosing query with `correlate`.
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// let sessions = Session::query().correlate(User).filter(Session::user_id.eq(User::id));
/// let query = User::query().filter(orm::exists(sessions)).select(User::id);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "user"."id" FROM "user" WHERE EXISTS (SELECT FROM "session" WHERE "session"."user_id" = "user"."id")"#
/// );
/// ```
pub fn exists<Q: AnyQuery>(query: Q) -> Expr<bool, Q::Reads> {
    Expr::new(Node::Exists(Arc::new(query.into_any_select())))
}

/// `NOT EXISTS (..)`: whether the query gives no row.
pub fn not_exists<Q: AnyQuery>(query: Q) -> Expr<bool, Q::Reads> {
    Expr::new(Node::Prefix("NOT", Box::new(Node::Exists(Arc::new(query.into_any_select())))))
}

/// `(SELECT ..)` as a value: NULL where the query gives no row; several rows are an error of the server.
///
/// ```
/// use auth::{Session, User};
/// use orm::func;
/// use orm::prelude::*;
/// let newest = Session::query()
///     .correlate(User)
///     .filter(Session::user_id.eq(User::id))
///     .select(func::max(Session::created_at));
/// let query = User::query().select((User::id, orm::scalar(newest)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "user"."id", (SELECT max("session"."created_at") FROM "session" WHERE "session"."user_id" = "user"."id") FROM "user""#
/// );
/// ```
pub fn scalar<Q: Subquery>(query: Q) -> Expr<<Q::Value as Value>::Nullable, Q::Reads> {
    Expr::new(Node::Subquery(Arc::new(query.into_select())))
}

/// `ARRAY(SELECT ..)`: the values of the query as one array, empty where it gives no row.
pub fn array_of<Q: Subquery>(query: Q) -> Expr<Vec<Q::Value>, Q::Reads>
where
    Q::Value: ArrayElement,
    Vec<Q::Value>: Value,
{
    Expr::new(Node::ArraySubquery(Arc::new(query.into_select())))
}

/// Some or all rows of a query, to be compared with. Made by [`any_of`] and [`all_of`].
#[must_use = "it is compared with: `User::id.lt(orm::any_of(..))`"]
#[derive(Debug, Clone)]
pub struct Quantified<Q> {
    keyword: &'static str,
    query: Q,
}

/// `ANY (SELECT ..)`: `column.lt(any_of(query))` holds where the column is less than a row of the query.
///
/// ```
/// use auth::{Session, User};
/// use orm::prelude::*;
/// let owners = Session::query().select(Session::user_id);
/// let query = User::query().filter(User::id.lt(orm::any_of(owners))).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#""user"."id" < ANY (SELECT "session"."user_id" FROM "session")"#));
/// ```
pub fn any_of<Q: Subquery>(query: Q) -> Quantified<Q> {
    Quantified { keyword: "ANY ", query }
}

/// `ALL (SELECT ..)`: `column.lt(all_of(query))` holds where the column is less than every row of the query, and where the
/// query gives none.
pub fn all_of<Q: Subquery>(query: Q) -> Quantified<Q> {
    Quantified { keyword: "ALL ", query }
}

/// Only where values are compared: a comparison with a NULL row can be NULL.
impl<Sql, Q: Subquery> Operand<Sql, Compatible> for Quantified<Q>
where
    <Q::Value as Value>::Sql: Fits<Sql, Compatible>,
{
    type Value = Q::Value;
    type Reads = Q::Reads;

    fn into_operand(self) -> Node {
        let subquery = Node::Subquery(Arc::new(self.query.into_select()));
        Node::Enclosed(vec![Piece::Sql(self.keyword), Piece::Node(subquery)])
    }
}
