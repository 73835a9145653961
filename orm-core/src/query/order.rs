//! [`Order`]: the keys of an `ORDER BY`.

use super::node::{Node, OrderKey};
use super::scope::InScope;
use crate::schema::{NullsOrder, SortOrder};
use std::marker::PhantomData;

/// One key of an `ORDER BY`, over the sources `Sources`.
#[must_use = "an order does nothing until a query uses it"]
pub struct Order<Sources> {
    key: OrderKey,
    types: PhantomData<fn() -> Sources>,
}

impl<S> std::fmt::Debug for Order<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.key.fmt(f)
    }
}

impl<S> Order<S> {
    pub(crate) fn new(node: Node, order: SortOrder) -> Self {
        Self { key: OrderKey { node, order, nulls: None }, types: PhantomData }
    }

    /// NULLs before all others.
    pub fn nulls_first(mut self) -> Self {
        self.key.nulls = Some(NullsOrder::First);
        self
    }

    /// NULLs after all others.
    pub fn nulls_last(mut self) -> Self {
        self.key.nulls = Some(NullsOrder::Last);
        self
    }
}

/// One key, or a tuple of them, the first being the most important.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order",
    label = "call `.asc()` or `.desc()` on a column or expression"
)]
pub trait OrderBy<Scope, Place> {
    /// The keys.
    fn into_keys(self) -> Vec<OrderKey>;
}

impl<S: InScope<Scope, Place>, Scope, Place> OrderBy<Scope, (Place,)> for Order<S> {
    fn into_keys(self) -> Vec<OrderKey> {
        vec![self.key]
    }
}

macro_rules! tuples {
    ($($sources:ident $place:ident $value:ident),+) => {
        impl<Scope, $($sources: InScope<Scope, $place>, $place),+> OrderBy<Scope, ($($place,)+ ())>
            for ($(Order<$sources>,)+)
        {
            fn into_keys(self) -> Vec<OrderKey> {
                let ($($value,)+) = self;
                vec![$($value.key),+]
            }
        }
    };
}

tuples!(A PlaceA a);
tuples!(A PlaceA a, B PlaceB b);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d);
