//! [`Order`]: the keys of an `ORDER BY`.

use super::Table;
use super::grouping::OrderedIn;
use super::node::{KeyCodec, Node, OrderKey};
use super::reads::{InScope, Only, PerRow, Within};
use super::scope::Source;
use crate::schema::{NullsOrder, SortOrder};
use std::marker::PhantomData;

/// One key of an `ORDER BY`.
#[must_use = "an order does nothing until a query uses it"]
pub struct Order<Reads> {
    key: OrderKey,
    types: PhantomData<fn() -> Reads>,
}

impl<R> Clone for Order<R> {
    fn clone(&self) -> Self {
        Self::new(self.key.clone())
    }
}

impl<R> std::fmt::Debug for Order<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.key.fmt(f)
    }
}

impl<R> Order<R> {
    pub(crate) fn new(key: OrderKey) -> Self {
        Self { key, types: PhantomData }
    }

    pub(crate) fn into_key(self) -> OrderKey {
        self.key
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

impl OrderKey {
    /// A key with NULLs where PostgreSQL puts them.
    pub(crate) fn of(node: Node, order: SortOrder, codec: KeyCodec) -> Self {
        Self { node, order, nulls: None, codec: Some(codec) }
    }
}

/// A key of an `ORDER BY` over the source `T`, as one type whatever it sorts by: to be chosen at run time.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// use orm::SortKey;
/// fn sort(by: &str) -> Vec<SortKey<User>> {
///     match by {
///         "newest" => vec![User::created_at.desc().into(), User::id.asc().into()],
///         _ => vec![User::name.asc().into()],
///     }
/// }
/// let query = User::query().order_by(sort("newest")).select(User::id);
/// assert!(query.to_sql().text.ends_with(r#"ORDER BY "user"."created_at" DESC, "user"."id""#));
/// ```
#[must_use = "an order does nothing until a query uses it"]
pub struct SortKey<T> {
    key: OrderKey,
    source: PhantomData<fn() -> T>,
}

impl<T> Clone for SortKey<T> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), source: PhantomData }
    }
}

impl<T> std::fmt::Debug for SortKey<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.key.fmt(f)
    }
}

impl<R: Only<T> + PerRow, T: Source> From<Order<R>> for SortKey<T> {
    fn from(order: Order<R>) -> Self {
        Self { key: order.key, source: PhantomData }
    }
}

impl<T: Table> SortKey<T> {
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

/// One key, a tuple or a list of keys, the first being the most important.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an order",
    label = "call `.asc()` or `.desc()` on a column or expression"
)]
pub trait OrderBy<Scope, Grouping, Place> {
    #[doc(hidden)]
    fn append_to(self, keys: &mut Vec<OrderKey>);
}

impl<R, Scope, G, Place, PlaceG> OrderBy<Scope, G, (Place, PlaceG)> for Order<R>
where
    R: InScope<Scope, Place> + OrderedIn<G, PlaceG>,
{
    fn append_to(self, keys: &mut Vec<OrderKey>) {
        keys.push(self.key);
    }
}

impl<T, Scope, G, Place, PlaceG> OrderBy<Scope, G, (Place, PlaceG)> for SortKey<T>
where
    Within<T>: InScope<Scope, Place> + OrderedIn<G, PlaceG>,
{
    fn append_to(self, keys: &mut Vec<OrderKey>) {
        keys.push(self.key);
    }
}

impl<O: OrderBy<Scope, G, Place>, Scope, G, Place> OrderBy<Scope, G, Place> for Vec<O> {
    fn append_to(self, keys: &mut Vec<OrderKey>) {
        for order in self {
            order.append_to(keys);
        }
    }
}

impl<O: OrderBy<Scope, G, Place>, Scope, G, Place> OrderBy<Scope, G, Place> for Option<O> {
    fn append_to(self, keys: &mut Vec<OrderKey>) {
        if let Some(order) = self {
            order.append_to(keys);
        }
    }
}

macro_rules! tuples {
    ($($order:ident $place:ident $value:ident),+) => {
        impl<Scope, G, $($order: OrderBy<Scope, G, $place>, $place),+> OrderBy<Scope, G, ($($place,)+ ())>
            for ($($order,)+)
        {
            fn append_to(self, keys: &mut Vec<OrderKey>) {
                let ($($value,)+) = self;
                $($value.append_to(keys);)+
            }
        }
    };
}

tuples!(A PlaceA a);
tuples!(A PlaceA a, B PlaceB b);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G_ PlaceG g);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G_ PlaceG g, H PlaceH h);
