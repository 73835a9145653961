//! `UNION`, `INTERSECT` and `EXCEPT` (manual, section 7.4).

use super::node::{OrderKey, Select, SetOperation};
use super::order::Order;
use super::reads::{InScope, ReadsNothing};
use super::scope::{
    At, Complete, HasRoom, NotYetIn, PartOf, Present, Required, Scope, Slot, Source,
};
use super::select::{Query, Selected};
use crate::schema::SortOrder;
use crate::types::cells::Decode;
use std::marker::PhantomData;

/// The scope of a set operation that gives rows of the type `Row`: its order and filter read the columns of its result.
/// `Reads` is what its queries read of those around it.
pub struct ResultOf<Row, Reads>(PhantomData<(Row, Reads)>);

impl<Row: Decode, Reads> Scope for ResultOf<Row, Reads> {
    type Row = Row;
    type With<S: Slot> = super::scope::TooManySources;
    type Missing = Self;
    type OuterReads = Reads;
    type KeyNull = Present;
}

impl<Row, Reads: ReadsNothing> Complete for ResultOf<Row, Reads> {}

// That it is not joined or correlated is what the shape of the query and `Correlates` say: nothing else is reported.
impl<Row, Reads> HasRoom for ResultOf<Row, Reads> {}
#[diagnostic::do_not_recommend]
impl<S: Source, Row, Reads> NotYetIn<ResultOf<Row, Reads>> for S {}

#[diagnostic::do_not_recommend]
impl<S: Source<Row = S>, Reads> PartOf<ResultOf<S, Reads>, At<0>> for S {
    type Null = Present;
    type Slot = Required<S>;
}

/// A set operation of two queries.
pub(crate) type Combined<A, B, Row> =
    Query<ResultOf<Row, (<A as Scope>::OuterReads, <B as Scope>::OuterReads)>, Row, Selected>;

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident $operator:literal;)*) => {
        impl<S: Scope, Row: Decode, H> Query<S, Row, H> {
            $(
                $(#[$doc])*
                pub fn $name<T: Scope, I>(self, other: Query<T, Row, I>) -> Combined<S, T, Row> {
                    combined($operator, self.select, other.select)
                }
            )*
        }
    };
}

operations! {
    /// The rows of both queries, equal ones once: `UNION`.
    ///
    /// The order and limit that follow are those of the result. The keys are columns of the struct that both queries give,
    /// or a [`position`].
    ///
    /// ```
    /// use auth::{Account, User};
    /// use orm::prelude::*;
    /// let ids = User::query().select(User::id).union(Account::query().select(Account::user_id));
    /// let query = ids.order_by(orm::position(1).desc()).limit(10);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "user"."id" FROM "user" UNION SELECT "account"."user_id" FROM "account" ORDER BY 1 DESC LIMIT $1"#
    /// );
    /// ```
    union "UNION";
    /// The rows of both queries: `UNION ALL`.
    union_all "UNION ALL";
    /// The rows that both queries give, each once: `INTERSECT`.
    intersect "INTERSECT";
    /// The rows that both queries give, as often as both do: `INTERSECT ALL`.
    intersect_all "INTERSECT ALL";
    /// The rows that only this query gives, each once: `EXCEPT`.
    except "EXCEPT";
    /// The rows that this query gives more often than the other, as often as it does: `EXCEPT ALL`.
    except_all "EXCEPT ALL";
}

fn combined<S, Row>(
    operator: &'static str,
    left: Select,
    right: Select,
) -> Query<S, Row, Selected> {
    let set = SetOperation { operator, left, right };
    Query::new(Select { set: Some(Box::new(set)), ..Select::empty() })
}

/// A column of the result by its position. Made by [`position`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position(u16);

/// The column of the result at this position, from 1, to sort by. A position that is not there is an error of the server.
pub fn position(position: u16) -> Position {
    Position(position)
}

impl Position {
    /// Sorts from small to large.
    pub fn asc(self) -> Order<AtPosition> {
        self.key(SortOrder::Ascending)
    }

    /// Sorts from large to small.
    pub fn desc(self) -> Order<AtPosition> {
        self.key(SortOrder::Descending)
    }

    fn key(self, order: SortOrder) -> Order<AtPosition> {
        let node = super::node::Node::Position(self.0);
        Order::new(OrderKey { node, order, nulls: None, codec: None })
    }
}

/// What [`position`] reads: a column of the result.
pub enum AtPosition {}

impl<Scope> InScope<Scope, ()> for AtPosition {
    type Null = Present;
}
