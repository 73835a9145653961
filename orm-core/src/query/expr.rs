//! [`Expr`]: an expression, whose Rust type and sources are known, and what can stand beside a column.

use super::column::{Column, SqlOf, TableColumn};
use super::node::{Node, Param};
use super::scope::Of;
use crate::query::order::Order;
use crate::schema::SortOrder;
use crate::types::{OfSqlType, Value};
use std::marker::PhantomData;

/// An expression of the Rust type `V` over the sources `Sources`. Inside is a node of the erased tree.
#[must_use = "an expression does nothing until a query uses it"]
pub struct Expr<V, Sources> {
    node: Node,
    types: PhantomData<fn() -> (V, Sources)>,
}

impl<V, S> Clone for Expr<V, S> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<V, S> std::fmt::Debug for Expr<V, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.node.fmt(f)
    }
}

impl<V, S> Expr<V, S> {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, types: PhantomData }
    }

    pub(crate) fn into_node(self) -> Node {
        self.node
    }
}

impl<S> Expr<bool, S> {
    /// Both hold.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let either = User::id.eq("ada").or(User::id.eq("grace"));
    /// let query = User::query().filter(either.and(User::email_verified.eq(true))).select(User::id);
    /// assert!(query.to_sql().text.ends_with(
    ///     r#"WHERE ("user"."id" = $1 OR "user"."id" = $2) AND "user"."email_verified" = $3"#
    /// ));
    /// ```
    pub fn and<T>(self, other: Expr<bool, T>) -> Expr<bool, (S, T)> {
        Expr::new(match self.node {
            Node::And(mut all) => {
                all.push(other.node);
                Node::And(all)
            }
            first => Node::And(vec![first, other.node]),
        })
    }

    /// One holds, or both.
    pub fn or<T>(self, other: Expr<bool, T>) -> Expr<bool, (S, T)> {
        Expr::new(match self.node {
            Node::Or(mut any) => {
                any.push(other.node);
                Node::Or(any)
            }
            first => Node::Or(vec![first, other.node]),
        })
    }
}

impl<S> std::ops::Not for Expr<bool, S> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(Node::Prefix("NOT", Box::new(self.node)))
    }
}

impl<V: Value, S> Expr<V, S> {
    fn binary<O: Operand<V::Sql>>(self, op: &'static str, other: O) -> Expr<bool, (S, O::Sources)> {
        Expr::new(Node::Binary(Box::new(self.node), op, Box::new(other.into_operand())))
    }

    /// `=`.
    pub fn eq<O: Operand<V::Sql>>(self, other: O) -> Expr<bool, (S, O::Sources)> {
        self.binary("=", other)
    }

    /// `<>`.
    pub fn ne<O: Operand<V::Sql>>(self, other: O) -> Expr<bool, (S, O::Sources)> {
        self.binary("<>", other)
    }

    /// `<`.
    pub fn lt<O: Operand<V::Sql>>(self, other: O) -> Expr<bool, (S, O::Sources)> {
        self.binary("<", other)
    }

    /// `<=`.
    pub fn le<O: Operand<V::Sql>>(self, other: O) -> Expr<bool, (S, O::Sources)> {
        self.binary("<=", other)
    }

    /// `>`.
    pub fn gt<O: Operand<V::Sql>>(self, other: O) -> Expr<bool, (S, O::Sources)> {
        self.binary(">", other)
    }

    /// `>=`.
    pub fn ge<O: Operand<V::Sql>>(self, other: O) -> Expr<bool, (S, O::Sources)> {
        self.binary(">=", other)
    }

    /// Sorts from small to large.
    pub fn asc(self) -> Order<S> {
        Order::new(self.node, SortOrder::Ascending)
    }

    /// Sorts from large to small.
    pub fn desc(self) -> Order<S> {
        Order::new(self.node, SortOrder::Descending)
    }
}

/// Something of the SQL type `Sql`: a value, a column or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of the SQL type `{Sql}`",
    label = "not a `{Sql}`"
)]
pub trait Operand<Sql> {
    /// The sources it reads.
    type Sources;
    /// Its node.
    fn into_operand(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<Sql, V: OfSqlType<Sql>, S> Operand<Sql> for Expr<V, S> {
    type Sources = S;

    fn into_operand(self) -> Node {
        self.node
    }
}

#[diagnostic::do_not_recommend]
impl<Sql, C: TableColumn> Operand<Sql> for Column<C>
where
    C::Value: OfSqlType<Sql>,
{
    type Sources = Of<C::Source>;

    fn into_operand(self) -> Node {
        self.node()
    }
}

/// Something that a column can be compared with. Rules: [`Operand`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with the column `{C}`",
    label = "not a value of the type of the column `{C}`",
    note = "compare a column with a value, column or expression of its own SQL type; for NULL use `is_null()`, for an `Option` use `is_not_distinct_from(..)`"
)]
pub trait Comparable<C> {
    /// The sources it reads.
    type Sources;
    /// Its node.
    fn into_comparable(self) -> Node;
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, O: Operand<SqlOf<C>>> Comparable<C> for O {
    type Sources = O::Sources;

    fn into_comparable(self) -> Node {
        self.into_operand()
    }
}

/// A Rust value, or an expression, that a field of the type `V` can hold.
pub trait IntoValue<V> {
    /// The sources it reads.
    type Sources;
    /// Its node.
    fn into_value(self) -> Node;
}

impl<V: Value> IntoValue<V> for V {
    type Sources = ();

    fn into_value(self) -> Node {
        Node::Param(Param::of(self))
    }
}

impl<V> IntoValue<Option<V>> for V
where
    Option<V>: Value,
{
    type Sources = ();

    fn into_value(self) -> Node {
        Node::Param(Param::of(Some(self)))
    }
}

impl<V: Value, S> IntoValue<V> for Expr<V, S> {
    type Sources = S;

    fn into_value(self) -> Node {
        self.node
    }
}

impl<V, S> IntoValue<Option<V>> for Expr<V, S>
where
    Option<V>: Value,
{
    type Sources = S;

    fn into_value(self) -> Node {
        self.node
    }
}

impl<C: TableColumn> IntoValue<C::Value> for Column<C> {
    type Sources = Of<C::Source>;

    fn into_value(self) -> Node {
        self.node()
    }
}

/// Values that are owned, and borrowed forms of them that are made owned.
macro_rules! operands {
    ($($owned:ty $(, $borrowed:ty)*;)*) => {$(
        impl Operand<<$owned as Value>::Sql> for $owned {
            type Sources = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self))
            }
        }
        $(
            impl Operand<<$owned as Value>::Sql> for $borrowed {
                type Sources = ();

                fn into_operand(self) -> Node {
                    Node::Param(Param::of(<$owned>::from(self)))
                }
            }
            impl IntoValue<$owned> for $borrowed {
                type Sources = ();

                fn into_value(self) -> Node {
                    Node::Param(Param::of(<$owned>::from(self)))
                }
            }
            impl IntoValue<Option<$owned>> for $borrowed {
                type Sources = ();

                fn into_value(self) -> Node {
                    Node::Param(Param::of(Some(<$owned>::from(self))))
                }
            }
            impl IntoValue<Option<$owned>> for Option<$borrowed> {
                type Sources = ();

                fn into_value(self) -> Node {
                    Node::Param(Param::of(self.map(<$owned>::from)))
                }
            }
        )*
    )*};
}

/// A reference to an owned string.
macro_rules! cloned {
    ($($owned:ty;)*) => {$(
        impl Operand<<$owned as Value>::Sql> for &$owned {
            type Sources = ();

            fn into_operand(self) -> Node {
                Node::Param(Param::of(self.clone()))
            }
        }
        impl IntoValue<$owned> for &$owned {
            type Sources = ();

            fn into_value(self) -> Node {
                Node::Param(Param::of(self.clone()))
            }
        }
        impl IntoValue<Option<$owned>> for &$owned {
            type Sources = ();

            fn into_value(self) -> Node {
                Node::Param(Param::of(Some(self.clone())))
            }
        }
    )*};
}

operands! {
    bool;
    i16;
    i32;
    i64;
    f32;
    f64;
    crate::types::Numeric;
    String, &str;
    Vec<u8>, &[u8];
}
cloned! { String; }

#[cfg(feature = "chrono")]
operands! {
    chrono::DateTime<chrono::Utc>;
    chrono::NaiveDateTime;
    chrono::NaiveDate;
    chrono::NaiveTime;
}

#[cfg(feature = "rust_decimal")]
operands! { rust_decimal::Decimal; }

#[cfg(feature = "bigdecimal")]
operands! { crate::types::BigNumeric; }

#[cfg(feature = "uuid")]
operands! { uuid::Uuid; }

#[cfg(feature = "json")]
operands! { serde_json::Value; }

#[cfg(feature = "json")]
impl<T: crate::types::Document> Operand<crate::types::Jsonb> for crate::types::Json<T> {
    type Sources = ();

    fn into_operand(self) -> Node {
        Node::Param(Param::of(self))
    }
}

impl<V: crate::types::ArrayElement> Operand<<Self as Value>::Sql> for Vec<V>
where
    Self: Value,
{
    type Sources = ();

    fn into_operand(self) -> Node {
        Node::Param(Param::of(self))
    }
}
