//! Which sources a query reads, and the proofs that its expressions read no others.
//!
//! A scope is a flat tuple of [`Required`] and [`Nullable`]. Three rules make the compiler name the table at the clause
//! that is wrong: the table or expression is the trait's `Self`, never the scope; `do_not_recommend` is on leaf impls
//! only; public bounds have no equality of associated types.

use super::digits::Differs;
use super::node::Columns;
use crate::types::Value;
use crate::types::cells::{Decode, DecodeOptional};
use std::marker::PhantomData;

/// Something a query reads rows from, as a type: a table, an alias, a derived table, ..
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table or an alias of one",
    note = "derive `Table` for it, or make an alias with `orm::alias!`"
)]
pub trait Source: 'static {
    /// Its rows.
    type Row: DecodeOptional + Send;
    /// A hash of its name as digits, so that two names can be told apart by types.
    type Id;
    /// The positions of its primary key, or [`NoKey`]: what `group_by` of the key makes of the other columns.
    type PrimaryKey;
    /// Its name in a query.
    const SOURCE: &'static str;
    /// Its columns.
    const COLUMNS: Columns;
    /// Whether the name is a keyword, which is not quoted: `excluded`.
    const IS_KEYWORD: bool = false;
}

/// The source has no primary key.
pub enum NoKey {}

/// The handle of a source, named like its type: what `.inner_join(User, ..)` is given.
pub struct Handle<S>(PhantomData<fn() -> S>);

impl<S> Handle<S> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);
}

impl<S> Clone for Handle<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Handle<S> {}

impl<S: Source> std::fmt::Debug for Handle<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(S::SOURCE)
    }
}

/// A source whose row is always there.
pub struct Required<S>(PhantomData<S>);
/// A source whose row may be missing: the right side of a left join, ..
pub struct Nullable<S>(PhantomData<S>);
/// A source of an enclosing query, which a correlated subquery reads.
pub struct Outer<S>(PhantomData<S>);

/// A place in a scope.
pub struct At<const N: usize>;

/// One source of a scope.
pub trait Slot {
    /// The source.
    type Source: Source;
    /// What the row is: `T`, or `Option<T>`.
    type Row: Decode;
    /// The same source where its row may be missing.
    type Missing: Slot;
    /// What a subquery with it reads of an enclosing query.
    type OuterReads;
    /// Whether the row may be missing.
    type Null: Nullness;
}

impl<S: Source> Slot for Required<S> {
    type Source = S;
    type Row = S::Row;
    type Missing = Nullable<S>;
    type OuterReads = ();
    type Null = Present;
}

impl<S: Source> Slot for Nullable<S> {
    type Source = S;
    type Row = Option<S::Row>;
    type Missing = Self;
    type OuterReads = ();
    type Null = Absent;
}

impl<S: Source> Slot for Outer<S> {
    type Source = S;
    type Row = ();
    type Missing = Self;
    type OuterReads = super::reads::RowOf<S>;
    type Null = Absent;
}

/// Whether something can be NULL although its type has no `Option`, because a row may be missing.
pub trait Nullness {
    /// Whether this or the other can be NULL.
    type Or<Other: Nullness>: Nullness;
    /// The type of a value that would else be a `V`.
    type Apply<V: Value>: Value;
    /// The type of a row that would else be an `R`.
    type Row<R: DecodeOptional>: Decode;
}

/// It is there.
pub enum Present {}
/// It may be missing.
pub enum Absent {}

impl Nullness for Present {
    type Or<Other: Nullness> = Other;
    type Apply<V: Value> = V;
    type Row<R: DecodeOptional> = R;
}

impl Nullness for Absent {
    type Or<Other: Nullness> = Self;
    type Apply<V: Value> = V::Nullable;
    type Row<R: DecodeOptional> = Option<R>;
}

/// `Self`, a source, is read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "table `{Self}` is not part of this query",
    label = "uses a column of `{Self}`, which this query does not read",
    note = "the query reads {Scope}; join `{Self}` first"
)]
pub trait PartOf<Scope, Place> {
    /// Whether its row may be missing.
    type Null: Nullness;
    /// Its slot.
    type Slot: Slot;
}

/// `Self`, a source, has not yet been read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "table `{Self}` is already part of this query",
    label = "`{Self}` for the second time",
    note = "give the second one a name of its own: `let other = orm::alias!({Self}, \"other\");`, then join `other` and write `other.column`"
)]
pub trait NotYetIn<Scope> {}

/// A scope to which a source can be added.
#[diagnostic::on_unimplemented(
    message = "a query reads at most sixteen sources",
    label = "the seventeenth",
    note = "put some of them into a derived table or a common table expression"
)]
pub trait HasRoom {}

/// A scope of one select, which can know tables of an enclosing query.
#[diagnostic::on_unimplemented(
    message = "a set operation as a whole is not correlated",
    label = "the result of `union` and its like",
    note = "call `.correlate(..)` on each of its queries, before `.union(..)`"
)]
pub trait Correlates {}

/// A scope that stands for itself: none of its sources belongs to an enclosing query.
#[diagnostic::on_unimplemented(
    message = "this query is correlated: it reads a table of an enclosing query",
    label = "a correlated query does not run by itself",
    note = "use it within the other query: `exists(..)`, `scalar(..)`, `is_in(..)`, a lateral join"
)]
pub trait Complete {}

/// The row of the slot is part of this query.
#[diagnostic::on_unimplemented(
    message = "this query is correlated: it reads a table of an enclosing query, `{Self}`",
    label = "a correlated query does not run by itself",
    note = "use it within the other query: `exists(..)`, `scalar(..)`, `is_in(..)`, `inner_join_lateral(..)`"
)]
pub trait Inner: Slot {}
impl<S: Source> Inner for Required<S> {}
impl<S: Source> Inner for Nullable<S> {}

/// A slot whose row is always there.
#[diagnostic::on_unimplemented(
    message = "rows that may be missing cannot be locked: `{Self}`",
    label = "a source is on the nullable side of an outer join",
    note = "name the sources whose rows are always there: `.lock(for_update().of(..))`"
)]
pub trait AlwaysFilled: Slot {}
impl<S: Source> AlwaysFilled for Required<S> {}
impl<S: Source> AlwaysFilled for Outer<S> {}

/// A scope in which no row is missing.
pub trait NeverMissing {}

/// A tuple of slots.
pub trait Scope {
    /// The rows of the sources: `T` for one, a tuple for several.
    type Row: Decode;
    /// The same scope with one more source.
    type With<S: Slot>: Scope;
    /// The same scope where every row may be missing: the left side of a right join.
    type Missing: Scope;
    /// What a subquery with this scope reads of an enclosing query.
    type OuterReads;
    /// Whether a key of its groups can be NULL because of the grouping: `ROLLUP` and its like make all sources nullable.
    type KeyNull: Nullness;
}

macro_rules! scopes {
    ($(($name:ident $index:literal))+) => { scopes!(@each [] $(($name $index))+); };
    (@each [$($done:tt)*] ($last:ident $index:literal)) => {
        scopes!(@full $($done)* ($last $index));
        scopes!(@parts [] $($done)* ($last $index));
    };
    (@each [$($done:tt)*] $next:tt $($rest:tt)+) => {
        scopes!(@grow $($done)* $next);
        scopes!(@parts [] $($done)* $next);
        scopes!(@each [$($done)* $next] $($rest)+);
    };
    (@nested) => { () };
    (@nested $first:ident $($rest:ident)*) => { ($first::OuterReads, scopes!(@nested $($rest)*)) };
    (@first $first:ident $($rest:ident)*) => { $first::Null };
    (@row $only:ident) => { $only::Row };
    (@row $($slot:ident)+) => { ($($slot::Row,)+) };
    (@full $(($slot:ident $index:literal))+) => {
        impl<$($slot: Slot),+> Scope for ($($slot,)+) {
            type Row = scopes!(@row $($slot)+);
            type With<New: Slot> = TooManySources;
            type Missing = ($($slot::Missing,)+);
            type OuterReads = scopes!(@nested $($slot)+);
            type KeyNull = scopes!(@first $($slot)+);
        }
        impl<$($slot: Inner),+> Complete for ($($slot,)+) {}
        // `HasRoom` refuses it; nothing else is reported.
        impl<$($slot: Slot),+> Correlates for ($($slot,)+) {}
        #[diagnostic::do_not_recommend]
        impl<New: Source, $($slot: Slot),+> NotYetIn<($($slot,)+)> for New {}
        impl<$($slot: AlwaysFilled),+> NeverMissing for ($($slot,)+) {}
    };
    (@grow $(($slot:ident $index:literal))+) => {
        impl<$($slot: Slot),+> Scope for ($($slot,)+) {
            type Row = scopes!(@row $($slot)+);
            type With<New: Slot> = ($($slot,)+ New,);
            type Missing = ($($slot::Missing,)+);
            type OuterReads = scopes!(@nested $($slot)+);
            type KeyNull = scopes!(@first $($slot)+);
        }
        impl<$($slot: Slot),+> HasRoom for ($($slot,)+) {}
        impl<$($slot: Slot),+> Correlates for ($($slot,)+) {}
        impl<$($slot: Inner),+> Complete for ($($slot,)+) {}
        impl<$($slot: AlwaysFilled),+> NeverMissing for ($($slot,)+) {}
        #[diagnostic::do_not_recommend]
        impl<New: Source, $($slot: Slot),+> NotYetIn<($($slot,)+)> for New
        where
            $(New::Id: Differs<<$slot::Source as Source>::Id>),+
        {}
    };
    (@parts [$($before:tt)*]) => {};
    (@parts [$(($before:ident $b:literal))*] ($me:ident $index:literal) $(($after:ident $a:literal))*) => {
        #[diagnostic::do_not_recommend]
        impl<Me: Source, $($before,)* $($after,)*> PartOf<($($before,)* Required<Me>, $($after,)*), At<$index>> for Me {
            type Null = Present;
            type Slot = Required<Me>;
        }
        #[diagnostic::do_not_recommend]
        impl<Me: Source, $($before,)* $($after,)*> PartOf<($($before,)* Nullable<Me>, $($after,)*), At<$index>> for Me {
            type Null = Absent;
            type Slot = Nullable<Me>;
        }
        #[diagnostic::do_not_recommend]
        impl<Me: Source, $($before,)* $($after,)*> PartOf<($($before,)* Outer<Me>, $($after,)*), At<$index>> for Me {
            // An outer join of the enclosing query may leave its row out.
            type Null = Absent;
            type Slot = Outer<Me>;
        }
        scopes!(@parts [$(($before $b))* ($me $index)] $(($after $a))*);
    };
}

/// The scope of a query that reads too many sources. [`HasRoom`] says so; nothing else is reported.
pub struct TooManySources;

impl Scope for TooManySources {
    type Row = ();
    type With<S: Slot> = Self;
    type Missing = Self;
    type OuterReads = ();
    type KeyNull = Present;
}

impl<S: Source> PartOf<TooManySources, At<0>> for S {
    type Null = Present;
    type Slot = Required<S>;
}

impl HasRoom for TooManySources {}
impl Correlates for TooManySources {}
impl Complete for TooManySources {}
impl NeverMissing for TooManySources {}
impl<S> NotYetIn<TooManySources> for S {}

/// A select without sources: only constants, functions and subqueries.
impl Scope for () {
    type Row = ();
    type With<S: Slot> = (S,);
    type Missing = ();
    type OuterReads = ();
    type KeyNull = Present;
}

impl HasRoom for () {}
impl Correlates for () {}
impl Complete for () {}
#[diagnostic::do_not_recommend]
impl<S: Source> NotYetIn<()> for S {}

scopes! {
    (A 0) (B 1) (C 2) (D 3) (E 4) (F 5) (G 6) (H 7) (I 8) (J 9) (K 10) (L 11) (M 12) (N 13) (O 14) (P 15)
}
