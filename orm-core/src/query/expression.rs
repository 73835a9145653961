//! [`Expression`]: what columns and computed values have in common, and the operators of both.

use super::condition::Condition;
use super::expr::Expr;
use super::list::List;
use super::node::{KeyCodec, Node, OrderKey};
use super::operand::{Comparable, Operand, Subject, SubjectSql, sent_as, untyped};
use super::order::Order;
use super::reads::{InScope, NeverNull};
use crate::schema::SortOrder;
use crate::types::{HasEquality, OfSqlType, SqlType, Text, Value};

/// The SQL type of an expression.
pub(crate) type SqlOf<E> = <<E as Expression>::Value as Value>::Sql;
/// The type of a result that is NULL where an operand of type `A` or `B` is.
pub(crate) type Propagate<A, B, T> = <A as Value>::Propagate<<B as Value>::Propagate<T>>;

/// A column, or a computed value: what clauses and functions are given.
///
/// The methods are those of SQL's operators (manual, chapter 9). NULL follows the operands: a comparison of a nullable
/// column is an `Option<bool>` where it is selected.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column or expression",
    label = "not a column or expression",
    note = "give a value as an operand, `User::name.eq(value)`, or make an expression of it: `orm::func::value(value)`"
)]
#[expect(
    clippy::wrong_self_convention,
    reason = "`is_null` and its like are words of SQL, and take the expression"
)]
pub trait Expression: Sized {
    /// The Rust type: `Option<_>` where it can be NULL by itself.
    type Value: Value;
    /// What it reads, as a type.
    type Reads;
    /// What messages name: the column, or the type of the value.
    type Subject: Subject;

    #[doc(hidden)]
    fn into_node(self) -> Node;

    /// `=`. NULL equals nothing: see [`is_null`](Self::is_null).
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::email.eq("ada@example.com")).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#""user"."email" = $1"#));
    /// ```
    fn eq<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(compared(self.into_node(), "=", other.into_comparable()))
    }

    /// `<>`. NULL differs from nothing: see [`is_distinct_from`](Self::is_distinct_from).
    fn ne<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(compared(self.into_node(), "<>", other.into_comparable()))
    }

    /// `<`.
    fn lt<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(compared(self.into_node(), "<", other.into_comparable()))
    }

    /// `<=`.
    fn le<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(compared(self.into_node(), "<=", other.into_comparable()))
    }

    /// `>`.
    fn gt<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(compared(self.into_node(), ">", other.into_comparable()))
    }

    /// `>=`.
    fn ge<O: Comparable<Self::Subject>>(self, other: O) -> Compared<Self, O>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(compared(self.into_node(), ">=", other.into_comparable()))
    }

    /// `BETWEEN`: from the one value to the other, both included.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::name.between("A", "C")).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#""user"."name" BETWEEN $1 AND $2"#));
    /// ```
    fn between<L: Comparable<Self::Subject>, H: Comparable<Self::Subject>>(
        self,
        low: L,
        high: H,
    ) -> Expr<
        Propagate<Self::Value, L::Value, <H::Value as Value>::Propagate<bool>>,
        (Self::Reads, (L::Reads, H::Reads)),
    >
    where
        SqlOf<Self>: HasEquality,
    {
        between(self, " BETWEEN ", low, high)
    }

    /// `NOT BETWEEN`.
    fn not_between<L: Comparable<Self::Subject>, H: Comparable<Self::Subject>>(
        self,
        low: L,
        high: H,
    ) -> Expr<
        Propagate<Self::Value, L::Value, <H::Value as Value>::Propagate<bool>>,
        (Self::Reads, (L::Reads, H::Reads)),
    >
    where
        SqlOf<Self>: HasEquality,
    {
        between(self, " NOT BETWEEN ", low, high)
    }

    /// `IS NULL`.
    fn is_null(self) -> Expr<bool, NeverNull<Self::Reads>> {
        Expr::new(Node::Postfix(Box::new(self.into_node()), "IS NULL"))
    }

    /// `IS NOT NULL`.
    fn is_not_null(self) -> Expr<bool, NeverNull<Self::Reads>> {
        Expr::new(Node::Postfix(Box::new(self.into_node()), "IS NOT NULL"))
    }

    /// `IS DISTINCT FROM`: as `<>`, but NULL equals NULL, so an `Option` can be given, and a nullable column.
    fn is_distinct_from<O: Operand<SubjectSql<Self>, super::operand::OrNull>>(
        self,
        other: O,
    ) -> Expr<bool, NeverNull<(Self::Reads, O::Reads)>>
    where
        SqlOf<Self>: HasEquality,
    {
        distinct(self, "IS DISTINCT FROM", other)
    }

    /// `IS NOT DISTINCT FROM`: as `=`, but NULL equals NULL, so an `Option` can be given, and a nullable column.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let image: Option<String> = None;
    /// let query = User::query().filter(User::image.is_not_distinct_from(image)).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#""user"."image" IS NOT DISTINCT FROM $1"#));
    /// ```
    fn is_not_distinct_from<O: Operand<SubjectSql<Self>, super::operand::OrNull>>(
        self,
        other: O,
    ) -> Expr<bool, NeverNull<(Self::Reads, O::Reads)>>
    where
        SqlOf<Self>: HasEquality,
    {
        distinct(self, "IS NOT DISTINCT FROM", other)
    }

    /// `IN`: one of these values, or of the rows of a subquery.
    ///
    /// A list is one parameter, `= ANY($1)`, whatever its length; an empty one has no value.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::id.is_in(["ada", "grace"])).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#""user"."id" = ANY($1)"#));
    /// ```
    fn is_in<L: List<Self::Subject>>(
        self,
        list: L,
    ) -> Expr<<Self::Value as Value>::Propagate<L::Bool>, (Self::Reads, L::Reads)>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(list.into_membership(self.into_node(), true))
    }

    /// `NOT IN`: none of these values. Every row for an empty list.
    fn is_not_in<L: List<Self::Subject>>(
        self,
        list: L,
    ) -> Expr<<Self::Value as Value>::Propagate<L::Bool>, (Self::Reads, L::Reads)>
    where
        SqlOf<Self>: HasEquality,
    {
        Expr::new(list.into_membership(self.into_node(), false))
    }

    /// Both hold.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let either = User::id.eq("ada").or(User::id.eq("grace"));
    /// let query = User::query().filter(either.and(User::email_verified)).select(User::id);
    /// assert!(query.to_sql().text.ends_with(
    ///     r#"WHERE ("user"."id" = $1 OR "user"."id" = $2) AND "user"."email_verified""#
    /// ));
    /// ```
    fn and<O: Expression>(self, other: O) -> Combined<Self, O>
    where
        Self::Value: Boolean,
        O::Value: Boolean,
    {
        Expr::new(match self.into_node() {
            Node::And(mut all) => {
                all.push(other.into_node());
                Node::And(all)
            }
            first => Node::And(vec![first, other.into_node()]),
        })
    }

    /// One holds, or both.
    fn or<O: Expression>(self, other: O) -> Combined<Self, O>
    where
        Self::Value: Boolean,
        O::Value: Boolean,
    {
        Expr::new(match self.into_node() {
            Node::Or(mut any) => {
                any.push(other.into_node());
                Node::Or(any)
            }
            first => Node::Or(vec![first, other.into_node()]),
        })
    }

    /// `NOT`. Also written `!condition`.
    fn not(self) -> Expr<Self::Value, (Self::Reads, ())>
    where
        Self::Value: Boolean,
    {
        Expr::new(Node::Prefix("NOT", Box::new(self.into_node())))
    }

    /// The condition as one type over the sources `T`, a source or a tuple of sources: to be named, collected, folded.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// use orm::Condition;
    /// fn active() -> Condition<User> {
    ///     User::email_verified.condition()
    /// }
    /// assert!(User::query().filter(active()).select(User::id).to_sql().text.ends_with(r#"WHERE "user"."email_verified""#));
    /// ```
    fn condition<T: super::condition::Sources, Place>(self) -> Condition<T>
    where
        Self::Value: Boolean,
        Self::Reads: super::reads::PerRow + InScope<T::Scope, Place>,
    {
        Condition::new(self.into_node())
    }

    /// Sorts from small to large.
    fn asc(self) -> Order<Self::Reads>
    where
        SqlOf<Self>: HasEquality,
    {
        Order::new(OrderKey::of(self.into_node(), SortOrder::Ascending, const { codec::<Self>() }))
    }

    /// Sorts from large to small.
    fn desc(self) -> Order<Self::Reads>
    where
        SqlOf<Self>: HasEquality,
    {
        Order::new(OrderKey::of(self.into_node(), SortOrder::Descending, const { codec::<Self>() }))
    }

    /// `CAST(.. AS ..)` to the SQL type of `V`. NULL stays NULL.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().select(User::email_verified.cast::<i32>());
    /// assert_eq!(query.to_sql(), r#"SELECT CAST("user"."email_verified" AS integer) FROM "user""#);
    /// ```
    fn cast<V: Value>(self) -> Expr<<Self::Value as Value>::Propagate<V>, (Self::Reads, ())> {
        Expr::new(Node::Cast(Box::new(self.into_node()), V::DATA_TYPE))
    }

    /// `LIKE`: `%` is any text, `_` any character (manual, section 9.7.1).
    fn like<O: Comparable<Self::Subject>>(self, pattern: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        Expr::new(compared(self.into_node(), "LIKE", pattern.into_comparable()))
    }

    /// `NOT LIKE`.
    fn not_like<O: Comparable<Self::Subject>>(self, pattern: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        Expr::new(compared(self.into_node(), "NOT LIKE", pattern.into_comparable()))
    }

    /// `ILIKE`: as `LIKE`, whatever the case.
    fn ilike<O: Comparable<Self::Subject>>(self, pattern: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        Expr::new(compared(self.into_node(), "ILIKE", pattern.into_comparable()))
    }

    /// `NOT ILIKE`.
    fn not_ilike<O: Comparable<Self::Subject>>(self, pattern: O) -> Compared<Self, O>
    where
        Self::Subject: TextSubject,
    {
        Expr::new(compared(self.into_node(), "NOT ILIKE", pattern.into_comparable()))
    }
}

/// A comparison of two operands: NULL where one of them is.
pub(crate) type Compared<E, O> = Expr<
    <O as Comparable<<E as Expression>::Subject>>::Bool,
    (<E as Expression>::Reads, <O as Comparable<<E as Expression>::Subject>>::Reads),
>;

/// Two conditions that are combined.
pub(crate) type Combined<A, B> = Expr<
    Propagate<<A as Expression>::Value, <B as Expression>::Value, bool>,
    (<A as Expression>::Reads, <B as Expression>::Reads),
>;

/// `bool`, or an `Option` of it: what a condition is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition: `bool` is expected",
    label = "not a condition",
    note = "compare it: `.eq(..)`, `.gt(..)`, `.is_null()`"
)]
pub trait Boolean: Value {}
impl Boolean for bool {}
impl Boolean for Option<bool> {}

/// Something of type `text`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not of type `text`",
    label = "patterns match text"
)]
pub trait TextSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> TextSubject for S where S::Value: OfSqlType<Text> {}

/// A comparison. It is compiled once, not for each column: so are all functions that take nodes, and those of expressions hold
/// as little as they can.
fn compared(left: Node, op: &'static str, right: Node) -> Node {
    Node::Binary(Box::new((untyped(left), right)), op)
}

fn distinct<E: Expression, O: Operand<SubjectSql<E>, super::operand::OrNull>>(
    one: E,
    op: &'static str,
    other: O,
) -> Expr<bool, NeverNull<(E::Reads, O::Reads)>> {
    let other = sent_as::<E::Subject>(other.into_operand());
    binary(untyped(one.into_node()), op, other)
}

/// Two operands around an operator.
pub(super) fn binary<V, R>(left: Node, op: &'static str, right: Node) -> Expr<V, R> {
    Expr::new(Node::Binary(Box::new((left, right)), op))
}

fn between<E: Expression, L: Comparable<E::Subject>, H: Comparable<E::Subject>, V, R>(
    one: E,
    op: &'static str,
    low: L,
    high: H,
) -> Expr<V, R> {
    use super::node::Piece;
    Expr::new(Node::Fragment(vec![
        Piece::Node(untyped(one.into_node())),
        Piece::Sql(op),
        Piece::Node(low.into_comparable()),
        Piece::Sql(" AND "),
        Piece::Node(high.into_comparable()),
    ]))
}

const fn codec<E: Expression>() -> KeyCodec {
    KeyCodec {
        ty: <SqlOf<E> as SqlType>::pg_type,
        nullable: <E::Value as Value>::NULLABLE,
        is_value: crate::types::is_value::<E::Value>,
        as_text: E::Subject::AS_TEXT,
    }
}
