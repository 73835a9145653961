//! Rows of values that are compared as one: manual, section 9.25.5.

use super::expr::Expr;
use super::node::Node;
use super::operand::{Compatible, Operand, untyped};
use super::reads::NeverNull;
use super::scope::Scope;
use super::select::{Query, Selected};
use super::value::IntoExpression;
use crate::types::Value;
use std::sync::Arc;

/// `ROW(a, b)`. Made by [`func::row`](super::func::row).
#[derive(Debug, Clone)]
#[must_use = "a row does nothing until it is compared"]
pub struct RowValue<T>(T);

impl<T> RowValue<T> {
    pub(super) const fn new(values: T) -> Self {
        Self(values)
    }
}

/// Two to six values, columns or expressions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row of values",
    label = "give a tuple of two to six values, columns or expressions"
)]
pub trait RowValues {
    /// `bool`, or `Option<bool>` where one of them can be NULL.
    type Null: Value;
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
}

/// A row that can be compared with the row `T`: as many values, of the same types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a row like `{T}`",
    label = "not as many values of the same types"
)]
pub trait LikeRow<T> {
    /// `bool`, or `Option<bool>` where one of them can be NULL.
    type Null: Value;
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_like_row(self) -> Vec<Node>;
}

impl<T, U: LikeRow<T>> LikeRow<T> for RowValue<U> {
    type Null = U::Null;
    type Reads = U::Reads;

    fn into_like_row(self) -> Vec<Node> {
        self.0.into_like_row()
    }
}

macro_rules! rows {
    (@reads) => { () };
    (@reads $first:ident $($rest:ident)*) => { ($first::Reads, rows!(@reads $($rest)*)) };
    (@null $first:ident) => { <$first::Value as Value>::Propagate<bool> };
    (@null $first:ident $($rest:ident)+) => {
        <$first::Value as Value>::Propagate<rows!(@null $($rest)+)>
    };
    ($($left:ident $right:ident $value:ident),+) => {
        impl<$($left: IntoExpression),+> RowValues for ($($left,)+) {
            type Null = rows!(@null $($left)+);
            type Reads = rows!(@reads $($left)+);

            fn into_nodes(self) -> Vec<Node> {
                let ($($value,)+) = self;
                vec![$(untyped($value.into_expression())),+]
            }
        }

        impl<$($left: IntoExpression, $right: Operand<<$left::Value as Value>::Sql, Compatible>),+>
            LikeRow<($($left,)+)> for ($($right,)+)
        {
            type Null = rows!(@null $($right)+);
            type Reads = rows!(@reads $($right)+);

            fn into_like_row(self) -> Vec<Node> {
                let ($($value,)+) = self;
                vec![$(untyped($value.into_operand())),+]
            }
        }

        impl<S: Scope, G, $($left: IntoExpression, $right: Value),+> RowList<($($left,)+)>
            for Query<S, ($($right,)+), Selected<G>>
        where
            $($right::Sql: super::operand::Fits<<$left::Value as Value>::Sql, Compatible>),+
        {
            type Null = rows!(@values $($right)+);
            type Reads = NeverNull<S::OuterReads>;

            fn into_membership(self, row: Node, is_in: bool) -> Node {
                let op = if is_in { "IN" } else { "NOT IN" };
                Node::InSubquery(Box::new(row), op, Arc::new(self.select))
            }
        }
    };
    (@values $first:ident) => { <$first as Value>::Propagate<bool> };
    (@values $first:ident $($rest:ident)+) => {
        <$first as Value>::Propagate<rows!(@values $($rest)+)>
    };
}

rows!(A L a, B M b);
rows!(A L a, B M b, C N c);
rows!(A L a, B M b, C N c, D O d);
rows!(A L a, B M b, C N c, D O d, E P e);
rows!(A L a, B M b, C N c, D O d, E P e, F Q f);

/// Rows, or a subquery, in which a row is looked for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of rows like `{T}`",
    label = "give a list of tuples, or a query that selects as many columns"
)]
pub trait RowList<T> {
    /// `bool`, or `Option<bool>` where one of them can be NULL.
    type Null: Value;
    /// What they read.
    type Reads;
    #[doc(hidden)]
    fn into_membership(self, row: Node, is_in: bool) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T, I: IntoIterator> RowList<T> for I
where
    I::Item: LikeRow<T>,
{
    type Null = <I::Item as LikeRow<T>>::Null;
    type Reads = <I::Item as LikeRow<T>>::Reads;

    fn into_membership(self, row: Node, is_in: bool) -> Node {
        use super::node::Piece;
        let rows: Vec<Node> = self.into_iter().map(|row| Node::Row(row.into_like_row())).collect();
        match (rows.is_empty(), is_in) {
            // `IN ()` is no SQL.
            (true, true) => Node::Or(Vec::new()),
            (true, false) => Node::And(Vec::new()),
            (false, _) => {
                let op = if is_in { " IN (" } else { " NOT IN (" };
                let mut pieces = vec![Piece::Node(row), Piece::Sql(op)];
                for (index, row) in rows.into_iter().enumerate() {
                    if index > 0 {
                        pieces.push(Piece::Sql(", "));
                    }
                    pieces.push(Piece::Node(row));
                }
                pieces.push(Piece::Sql(")"));
                Node::Fragment(pieces)
            }
        }
    }
}

/// Two rows that are compared: NULL where one of their values is.
type Compared<T, O> = Expr<
    <<T as RowValues>::Null as Value>::Propagate<<O as LikeRow<T>>::Null>,
    (<T as RowValues>::Reads, <O as LikeRow<T>>::Reads),
>;

macro_rules! comparisons {
    ($($method:ident $symbol:literal;)*) => {
        /// The comparisons of rows, from the first value to the last: the first that differs decides.
        impl<T: RowValues> RowValue<T> {$(
            #[doc = concat!("`", $symbol, "`.")]
            pub fn $method<O: LikeRow<T>>(self, other: O) -> Compared<T, O> {
                let other = Node::Row(other.into_like_row());
                super::expression::binary(Node::Row(self.0.into_nodes()), $symbol, other)
            }
        )*}
    };
}

comparisons! {
    eq "=";
    ne "<>";
    lt "<";
    le "<=";
    gt ">";
    ge ">=";
}

impl<T: RowValues> RowValue<T> {
    /// `IN`: one of these rows, or of those of a subquery.
    ///
    /// ```
    /// use auth::Member;
    /// use orm::func;
    /// use orm::prelude::*;
    /// let keys = [("acme", "ada"), ("acme", "grace")];
    /// let members = func::row((Member::organization_id, Member::user_id)).is_in(keys);
    /// let query = Member::query().filter(members).select(Member::id);
    /// assert!(query.to_sql().text.ends_with(
    ///     r#"ROW("member"."organization_id", "member"."user_id") IN (ROW($1, $2), ROW($3, $4))"#
    /// ));
    /// ```
    pub fn is_in<L: RowList<T>>(
        self,
        list: L,
    ) -> Expr<<T::Null as Value>::Propagate<L::Null>, (T::Reads, L::Reads)> {
        Expr::new(list.into_membership(Node::Row(self.0.into_nodes()), true))
    }

    /// `NOT IN`: none of these rows.
    pub fn is_not_in<L: RowList<T>>(
        self,
        list: L,
    ) -> Expr<<T::Null as Value>::Propagate<L::Null>, (T::Reads, L::Reads)> {
        Expr::new(list.into_membership(Node::Row(self.0.into_nodes()), false))
    }
}
