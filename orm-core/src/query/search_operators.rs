//! Operators of full-text search: manual, section 9.13. Words are matched by [`matches`](super::TextOperators::matches), and put
//! together by [`concat`](super::ContainerOperators::concat).

use super::expr::Expr;
use super::expression::{Expression as _, Propagate, binary};
use super::node::Node;
use super::operand::{Operand, Subject};
use crate::types::{OfSqlType, TsQuery, TsVector};

/// Something of type `tsvector`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not of type `tsvector`",
    label = "not the words of a document",
    note = "make words of a text: `func::to_tsvector(\"english\", User::name)`"
)]
pub trait WordsSubject: Subject {}
#[diagnostic::do_not_recommend]
impl<S: Subject> WordsSubject for S where S::Value: OfSqlType<TsVector> {}

macro_rules! combinations {
    (@each $combinations:tt for $($query:ty)*) => {
        $(combinations! { @of $query, $combinations })*
    };
    (@of $query:ty, { $($(#[$meta:meta])* $name:ident $symbol:literal;)* }) => {
        /// Queries are combined. A column of type `tsquery` is, too, as an expression: `column.expr()`.
        impl<R> Expr<$query, R> {$(
            $(#[$meta])*
            pub fn $name<O: Operand<TsQuery>>(
                self,
                other: O,
            ) -> Expr<Propagate<$query, O::Value, TsQuery>, (R, O::Reads)> {
                binary(self.into_node(), $symbol, other.into_operand())
            }
        )*}

        impl<R> std::ops::Not for Expr<$query, R> {
            type Output = Expr<$query, (R, ())>;

            /// `!!`: does not match.
            fn not(self) -> Self::Output {
                Expr::new(Node::Prefix("!!", Box::new(self.into_node())))
            }
        }
    };
}

combinations! {
    @each {
        /// `&&`: both match.
        and "&&";
        /// `||`: one matches, or both.
        or "||";
        /// `<->`: the one directly before the other.
        followed_by "<->";
    } for TsQuery Option<TsQuery>
}
