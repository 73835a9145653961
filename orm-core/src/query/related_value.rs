//! What an expression asks of related rows: whether there are some, how many, the greatest of a column.

use super::alias::RelationOfAlias;
use super::condition::IntoCondition;
use super::expr::Expr;
use super::expression::Expression;
use super::grouping::{Kinds, Whole};
use super::node::{Distinct, List, Node, Output, RelatedForm};
use super::reads::{InScope, NeverNull, RowOf};
use super::related::{IntoRelated, Related, Relation};
use super::relation::{AtMostOne, Kind, RelationDefinition};
use super::scope::Source;
use crate::types::Value;
use std::sync::Arc;

/// A value that is computed from rows of the relation of a source.
type Of<V, P> = Expr<V, NeverNull<RowOf<P>>>;

/// One value, or NULL where there is no related row: of the source's row itself it may be missing too.
type Nullable<V, P> = Expr<<V as Value>::Nullable, RowOf<P>>;

/// `Self`, what an expression is, is one value of all rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a value of each related row, where one of all of them is needed",
    label = "not an aggregate",
    note = "put it into an aggregate: `func::max(..)`"
)]
pub trait OfAllRows {}
impl OfAllRows for Whole {}
impl OfAllRows for () {}

/// The relation gives one row or none.
#[diagnostic::on_unimplemented(
    message = "this relation gives any number of rows, where one is needed",
    label = "many rows have no one value",
    note = "take one value of all rows: `.aggregate(func::max(..))`, `.count()`"
)]
pub trait OneRow {}
impl OneRow for AtMostOne {}

impl<R: RelationDefinition, Row, K: Kind, P: Source> Related<R, Row, K, P> {
    fn asked(self, form: RelatedForm) -> Node {
        Node::Related(Arc::new(self.nested()), form)
    }

    fn existing(mut self, form: RelatedForm) -> Node {
        // No order decides whether there are rows, unless a limit passes over some.
        if matches!(self.select.distinct, Distinct::No) && self.select.offset.is_none() {
            self.select.order.clear();
        }
        self.asked(form)
    }

    fn value_of(mut self, node: Node) -> Node {
        if !self.select.is_reduced() {
            self.select.order.clear();
        }
        self.select.outputs = List::One(Output::Node(node));
        self.asked(RelatedForm::Value)
    }
}

/// What expressions ask of a relation, and of what the clauses make of it.
macro_rules! questions {
    ($([$($generics:tt)*] $of:ty, $kind:ty, $parent:ty;)*) => {$(
        impl<$($generics)*> $of {
            /// Whether there is a related row: `EXISTS (..)`.
            ///
            /// ```
            /// use auth::{Session, User};
            /// use orm::prelude::*;
            /// let query = User::query().filter(User::sessions.exists()).select(User::id);
            /// assert_eq!(
            ///     query.to_sql(),
            ///     concat!(
            ///         r#"SELECT "user"."id" FROM "user" "#,
            ///         r#"WHERE EXISTS (SELECT FROM "session" WHERE "session"."user_id" = "user"."id")"#
            ///     )
            /// );
            /// ```
            pub fn exists(self) -> Of<bool, $parent> {
                Expr::new(self.into_related().existing(RelatedForm::Exists))
            }

            /// Whether there is no related row: `NOT EXISTS (..)`.
            pub fn not_exists(self) -> Of<bool, $parent> {
                Expr::new(self.into_related().existing(RelatedForm::NotExists))
            }

            /// Whether `condition` holds for a related row.
            ///
            /// ```
            /// use auth::{Session, User};
            /// use orm::prelude::*;
            /// async fn online(db: &Db, at: DateTime<Utc>) -> orm::Result<Vec<User>> {
            ///     User::query().filter(User::sessions.any(Session::expires_at.gt(at))).all(db).await
            /// }
            /// ```
            pub fn any<C, Place>(self, condition: C) -> Of<bool, $parent>
            where
                C: IntoCondition<R::Scope, Place>,
            {
                self.filter(condition).exists()
            }

            /// Whether `condition` holds for no related row.
            pub fn none<C, Place>(self, condition: C) -> Of<bool, $parent>
            where
                C: IntoCondition<R::Scope, Place>,
            {
                self.filter(condition).not_exists()
            }

            /// Whether `condition` holds for every related row: also where there is none. Where it is NULL it does not hold.
            pub fn all<C, Place>(self, condition: C) -> Of<bool, $parent>
            where
                C: IntoCondition<R::Scope, Place>,
            {
                let mut related = self.into_related();
                let fails = condition
                    .into_condition()
                    .map(|node| Node::Postfix(Box::new(node), "IS NOT TRUE"));
                related.select.filters.push(fails.unwrap_or(Node::Or(Vec::new())));
                Expr::new(related.existing(RelatedForm::NotExists))
            }

            /// How many related rows there are.
            ///
            /// ```
            /// use auth::{Session, User};
            /// use orm::prelude::*;
            /// async fn busiest(db: &Db) -> orm::Result<Vec<(String, i64)>> {
            ///     let count = User::sessions.count();
            ///     User::query().order_by(count.clone().desc()).limit(10).select((User::name, count)).all(db).await
            /// }
            /// ```
            pub fn count(self) -> Of<i64, $parent> {
                Expr::new(self.into_related().value_of(Node::Constant("count(*)")))
            }

            /// An aggregate of the related rows, without loading them: a sum, the greatest of a column.
            ///
            /// ```
            /// use auth::{Session, User};
            /// use orm::func;
            /// use orm::prelude::*;
            /// async fn last_seen(db: &Db) -> orm::Result<Vec<(String, Option<DateTime<Utc>>)>> {
            ///     let newest = User::sessions.aggregate(func::max(Session::created_at));
            ///     User::query().select((User::name, newest)).all(db).await
            /// }
            /// ```
            pub fn aggregate<E, Place>(self, aggregate: E) -> Of<E::Value, $parent>
            where
                E: Expression,
                E::Reads: InScope<R::Scope, Place> + Kinds,
                <E::Reads as Kinds>::Kind: OfAllRows,
            {
                Expr::new(self.into_related().value_of(aggregate.into_node()))
            }

            /// A column or expression of the one related row: NULL where there is none.
            ///
            /// ```
            /// use auth::{Session, User};
            /// use orm::prelude::*;
            /// async fn by_name(db: &Db) -> orm::Result<Vec<Session>> {
            ///     Session::query().order_by(Session::user.value(User::name).asc()).all(db).await
            /// }
            /// ```
            pub fn value<E, Place>(self, expression: E) -> Nullable<E::Value, $parent>
            where
                <$kind as Kind>::Shape: OneRow,
                E: Expression,
                E::Reads: InScope<R::Scope, Place> + super::reads::PerRow,
            {
                let mut related = self.into_related();
                related.select.outputs = List::One(Output::Node(expression.into_node()));
                Expr::new(related.asked(RelatedForm::Value))
            }
        }
    )*};
}

questions! {
    [R: RelationDefinition] Relation<R>, R::Kind, R::From;
    [A: Source, R: RelationDefinition] RelationOfAlias<A, R>, R::Kind, A;
    [R: RelationDefinition, Row, K: Kind, P: Source] Related<R, Row, K, P>, K, P;
}
