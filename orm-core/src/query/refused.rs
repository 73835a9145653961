//! Calls that are never right, each with a message that says what is: without these methods, the compiler would take the trait of
//! inserts in the prelude, or the standard library's iterators, for what was meant.

use super::Table;
use super::delete::Delete;
use super::expr::Expr;
use super::insert::OnConflict;
use super::merge::Merge;
use super::node::{Node, OrderKey};
use super::order::Order;
use super::related::Relation;
use super::select::Query;
use super::update::Update;
use crate::error::Result;
use std::future::{Ready, ready};

/// It is not implemented.
pub trait Never: Table {}

/// What a statement that changes rows of `T` is given by `.with(..)`: nothing. It is not implemented.
#[diagnostic::on_unimplemented(
    message = "a relation is loaded with rows of `{T}` that a statement returns: call `.returning_all()` before `.with(..)`",
    label = "`{Self}` is given to a statement that returns no rows"
)]
pub trait GivenToChange<T> {}

/// What an insert of `T` is given by `.with(..)` after `.on_conflict(..)`: nothing. It is not implemented.
#[diagnostic::on_unimplemented(
    message = "an insert of `{T}` with rows of a relation has no `.on_conflict(..)`",
    label = "`{Self}` is given to an insert with `.on_conflict(..)`",
    note = "insert the row first, and then `{T}::relation.of(&row).insert(..)`"
)]
pub trait GivenToUpsert<T> {}

impl<T: Table, Rows, S> Update<T, Rows, S> {
    #[doc(hidden)]
    pub fn with<N: GivenToChange<T>>(self, _: N) -> Self {
        self
    }
}

impl<T: Table, Rows, S> Delete<T, Rows, S> {
    #[doc(hidden)]
    pub fn with<N: GivenToChange<T>>(self, _: N) -> Self {
        self
    }
}

impl<T, S> Merge<T, S> {
    #[doc(hidden)]
    pub fn with<N: GivenToChange<T>>(self, _: N) -> Self {
        self
    }
}

impl<T, By> OnConflict<T, By> {
    #[doc(hidden)]
    pub fn with<N: GivenToUpsert<T>>(self, _: N) -> Self {
        self
    }
}

/// A query that is executed for its changes: none. It is not implemented.
#[diagnostic::on_unimplemented(
    message = "a query gives rows of `{Self}`: run it with `.all(&db)`, `.first(&db)` or `.one(&db)`",
    label = "`.execute(..)` runs what changes rows"
)]
pub trait ChangesRows {
    #[doc(hidden)]
    const CHANGED: u64;
}

impl<S, Row, H> Query<S, Row, H> {
    #[doc(hidden)]
    pub fn execute<D>(self, _: D) -> Ready<Result<u64>>
    where
        Row: ChangesRows,
    {
        ready(Ok(Row::CHANGED))
    }
}

/// A relation that is a value: none. It is not implemented.
#[diagnostic::on_unimplemented(
    message = "relation `{Self}` is not a value",
    label = "not compared or sorted by",
    note = "ask about its rows: `.exists()`, `.count()`, `.any(condition)`; one row has values: `.value(User::name)`"
)]
pub trait IsValue {
    #[doc(hidden)]
    fn node() -> Node;
    #[doc(hidden)]
    fn key() -> OrderKey;
}

macro_rules! not_compared {
    ($($name:ident($($operand:ident)?))*) => {
        impl<R> Relation<R> {$(
            #[doc(hidden)]
            pub fn $name<$($operand)?>(self $(, _: $operand)?) -> Expr<bool, ()>
            where
                R: IsValue,
            {
                Expr::new(R::node())
            }
        )*}
    };
}

not_compared! { eq(V) ne(V) lt(V) le(V) gt(V) ge(V) in_list(V) is_null() is_not_null() }

macro_rules! not_sorted_by {
    ($($name:ident)*) => {
        impl<R> Relation<R> {$(
            #[doc(hidden)]
            pub fn $name(self) -> Order<()>
            where
                R: IsValue,
            {
                Order::new(R::key())
            }
        )*}
    };
}

not_sorted_by! { asc desc }
