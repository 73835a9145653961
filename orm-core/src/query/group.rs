//! `GROUP BY`: its keys and what they make of the select list (manual, section 7.2.3 and 7.2.4).

use super::column::{Column, TableColumn};
use super::expr::Expr;
use super::expression::Expression;
use super::grouping::{By, ExpressionKey, Key, Sets};
use super::node::{Group, Node};
use super::reads::{Aggregated, BeforeWindows, InGroupBy, InScope, KeyOf, Of, PerRow, Windowed};
use super::scope::{PartOf, Scope};
use crate::types::Value;
use std::marker::PhantomData;

/// The shape of a query that is grouped and has no select list yet.
pub struct Grouped<G>(PhantomData<G>);

/// The row of a grouped query without a select list: there is none.
pub enum NoSelectList {}

/// One key of `group_by`: a column or an expression.
pub trait GroupKey<Scope, Place> {
    /// What it covers: [`Key`] of a column, or [`ExpressionKey`].
    type Key;
    #[doc(hidden)]
    fn into_key(self) -> Node;
}

impl<C: TableColumn, Scope, Place> GroupKey<Scope, Place> for Column<C>
where
    C::Source: PartOf<Scope, Place>,
{
    type Key = Key<C>;

    fn into_key(self) -> Node {
        self.node()
    }
}

impl<V: Value, R, Scope, Place> GroupKey<Scope, (Place,)> for Expr<V, R>
where
    R: InScope<Scope, Place> + InGroupBy + AsKey,
{
    type Key = R::Key;

    fn into_key(self) -> Node {
        self.into_node()
    }
}

/// What an expression covers as a key, by what it reads: a column that was made an expression covers itself.
pub trait AsKey {
    /// [`Key`] or [`ExpressionKey`].
    type Key;
}

impl<C> AsKey for Of<C> {
    type Key = Key<C>;
}
impl<F, A> AsKey for KeyOf<F, A> {
    type Key = ExpressionKey<Self>;
}
impl AsKey for () {
    type Key = ExpressionKey<()>;
}
impl<A, B> AsKey for (A, B) {
    type Key = ExpressionKey<Self>;
}
impl<A, B> AsKey for super::reads::LastOf<A, B> {
    type Key = ExpressionKey<Self>;
}
// Refused by `InGroupBy`.
impl<A> AsKey for Aggregated<A> {
    type Key = ExpressionKey<Self>;
}
impl<A> AsKey for Windowed<A> {
    type Key = ExpressionKey<Self>;
}
impl<A> AsKey for super::reads::NeverNull<A> {
    type Key = ExpressionKey<Self>;
}

/// One key, a tuple of keys, or sets of keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key to group by",
    label = "group by columns and expressions",
    note = "give one, a tuple of at most eight, or `orm::rollup(..)`, `orm::cube(..)`, `orm::grouping_sets(..)`"
)]
pub trait GroupBy<Scope, Place> {
    /// The scope of the clauses that follow: keys of sets may be NULL.
    type Scope;
    /// The grouping.
    type Grouping;
    #[doc(hidden)]
    fn into_nodes(self) -> Vec<Node>;
    #[doc(hidden)]
    fn into_groups(self) -> Vec<Group>
    where
        Self: Sized,
    {
        self.into_nodes().into_iter().map(Group::Key).collect()
    }
}

impl<C: TableColumn, Scope, Place> GroupBy<Scope, Place> for Column<C>
where
    Self: GroupKey<Scope, Place>,
{
    type Scope = Scope;
    type Grouping = By<(<Self as GroupKey<Scope, Place>>::Key, ())>;

    fn into_nodes(self) -> Vec<Node> {
        vec![self.into_key()]
    }
}

impl<V: Value, R, Scope, Place> GroupBy<Scope, Place> for Expr<V, R>
where
    Self: GroupKey<Scope, Place>,
{
    type Scope = Scope;
    type Grouping = By<(<Self as GroupKey<Scope, Place>>::Key, ())>;

    fn into_nodes(self) -> Vec<Node> {
        vec![self.into_key()]
    }
}

/// The list of what a key, or a tuple of keys, covers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key or a tuple of keys",
    label = "group by columns and expressions",
    note = "give one, or a tuple of at most eight"
)]
pub trait KeyList<Scope, Place> {
    /// `(Key, (Key, ()))`.
    type Keys;
    #[doc(hidden)]
    fn into_list(self) -> Vec<Node>;
}

impl<C: TableColumn, Scope, Place> KeyList<Scope, Place> for Column<C>
where
    Self: GroupKey<Scope, Place>,
{
    type Keys = (<Self as GroupKey<Scope, Place>>::Key, ());

    fn into_list(self) -> Vec<Node> {
        vec![self.into_key()]
    }
}

impl<V: Value, R, Scope, Place> KeyList<Scope, Place> for Expr<V, R>
where
    Self: GroupKey<Scope, Place>,
{
    type Keys = (<Self as GroupKey<Scope, Place>>::Key, ());

    fn into_list(self) -> Vec<Node> {
        vec![self.into_key()]
    }
}

macro_rules! tuples {
    (@list $scope:ident) => { () };
    (@list $scope:ident ($key:ident $place:ident) $($rest:tt)*) => {
        (<$key as GroupKey<$scope, $place>>::Key, tuples!(@list $scope $($rest)*))
    };
    ($($key:ident $place:ident $value:ident),+) => {
        impl<Scope, $($key: GroupKey<Scope, $place>, $place),+> KeyList<Scope, ($($place,)+)> for ($($key,)+) {
            type Keys = tuples!(@list Scope $(($key $place))+);

            fn into_list(self) -> Vec<Node> {
                let ($($value,)+) = self;
                vec![$($value.into_key()),+]
            }
        }
        impl<Scope, $($key: GroupKey<Scope, $place>, $place),+> GroupBy<Scope, ($($place,)+)> for ($($key,)+) {
            type Scope = Scope;
            type Grouping = By<<Self as KeyList<Scope, ($($place,)+)>>::Keys>;

            fn into_nodes(self) -> Vec<Node> {
                self.into_list()
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
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g);
tuples!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f, G PlaceG g, H PlaceH h);

/// Keys that are combined: `ROLLUP`, `CUBE`.
pub struct Combined<K> {
    keyword: &'static str,
    keys: K,
}

/// `ROLLUP (a, b)`: by `a` and `b`, by `a`, and all rows; the keys are NULL where they are left out.
///
/// ```
/// use auth::Session;
/// use orm::func;
/// use orm::prelude::*;
/// let query = Session::query()
///     .group_by(orm::rollup((Session::user_id, Session::ip_address)))
///     .select((Session::user_id, func::count_star()));
/// assert!(query.to_sql().text.ends_with(r#"GROUP BY ROLLUP ("session"."user_id", "session"."ip_address")"#));
/// ```
pub fn rollup<K>(keys: K) -> Combined<K> {
    Combined { keyword: "ROLLUP", keys }
}

/// `CUBE (a, b)`: by every subset of the keys; the keys are NULL where they are left out.
pub fn cube<K>(keys: K) -> Combined<K> {
    Combined { keyword: "CUBE", keys }
}

impl<K: KeyList<S, Place>, S: Scope, Place> GroupBy<S, Place> for Combined<K> {
    type Scope = S::Missing;
    type Grouping = By<Sets<K::Keys>>;

    fn into_nodes(self) -> Vec<Node> {
        self.keys.into_list()
    }

    fn into_groups(self) -> Vec<Group> {
        let keyword = self.keyword;
        let keys = self.keys.into_list().into_iter().map(|key| vec![key]).collect();
        vec![Group::Combined(keyword, keys)]
    }
}

/// Several groupings in one query. Made by [`grouping_sets`].
pub struct GroupingSets<K>(K);

/// `GROUPING SETS ((a, b), (a), ())`: each set is a tuple of keys, `()` is all rows.
///
/// ```
/// use auth::Session;
/// use orm::func;
/// use orm::prelude::*;
/// let query = Session::query()
///     .group_by(orm::grouping_sets(((Session::user_id,), (Session::ip_address,), ())))
///     .select((Session::user_id, Session::ip_address, func::count_star()));
/// assert!(query.to_sql().text.ends_with(r#"GROUP BY GROUPING SETS (("session"."user_id"), ("session"."ip_address"), ())"#));
/// ```
pub fn grouping_sets<K>(sets: K) -> GroupingSets<K> {
    GroupingSets(sets)
}

impl<Scope> KeyList<Scope, ()> for () {
    type Keys = ();

    fn into_list(self) -> Vec<Node> {
        Vec::new()
    }
}

/// A list of keys with another list after it.
pub trait Append<Rest> {
    /// Both lists as one.
    type List;
}

impl<Rest> Append<Rest> for () {
    type List = Rest;
}

impl<First, Keys: Append<Rest>, Rest> Append<Rest> for (First, Keys) {
    type List = (First, Keys::List);
}

macro_rules! sets {
    ($($set:ident $place:ident $value:ident),+) => {
        impl<S: Scope, $($set: KeyList<S, $place>, $place),+> GroupBy<S, ($($place,)+)> for GroupingSets<($($set,)+)>
        where
            ($(FlatKeys<$set, S, $place>,)+): Flatten,
        {
            type Scope = S::Missing;
            type Grouping = By<Sets<<($(FlatKeys<$set, S, $place>,)+) as Flatten>::List>>;

            fn into_nodes(self) -> Vec<Node> {
                let ($($value,)+) = self.0;
                let mut nodes = Vec::new();
                $(nodes.extend($value.into_list());)+
                nodes
            }

            fn into_groups(self) -> Vec<Group> {
                let ($($value,)+) = self.0;
                vec![Group::Sets(vec![$($value.into_list()),+])]
            }
        }
    };
}

/// What one set covers.
pub(crate) type FlatKeys<K, S, Place> = <K as KeyList<S, Place>>::Keys;

/// A tuple of lists as one list.
pub trait Flatten {
    /// The list.
    type List;
}

macro_rules! flatten {
    ($first:ident) => {
        impl<$first> Flatten for ($first,) {
            type List = $first;
        }
    };
    ($first:ident $($rest:ident)+) => {
        impl<$first, $($rest),+> Flatten for ($first, $($rest,)+)
        where
            ($($rest,)+): Flatten,
            $first: Append<<($($rest,)+) as Flatten>::List>,
        {
            type List = $first::List;
        }
        flatten!($($rest)+);
    };
}

flatten!(A B C D E F G H);

sets!(A PlaceA a);
sets!(A PlaceA a, B PlaceB b);
sets!(A PlaceA a, B PlaceB b, C PlaceC c);
sets!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d);
sets!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e);
sets!(A PlaceA a, B PlaceB b, C PlaceC c, D PlaceD d, E PlaceE e, F PlaceF f);

/// An expression that is a key of `group_by` and is selected, too.
///
/// The closure gives the key a type of its own, so that the select list can name it again: clone the key.
///
/// ```
/// use auth::User;
/// use orm::func;
/// use orm::prelude::*;
/// let initial = orm::group_key(|| func::lower(User::name));
/// let query = User::query().group_by(initial.clone()).select((initial, func::count_star()));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT lower("user"."name"), count(*) FROM "user" GROUP BY lower("user"."name")"#
/// );
/// ```
pub fn group_key<F, E>(key: F) -> Expr<E::Value, KeyOf<F, E::Reads>>
where
    F: FnOnce() -> E,
    E: Expression,
    E::Reads: PerRow + BeforeWindows,
{
    Expr::new(super::select::shared(key().into_node()))
}
