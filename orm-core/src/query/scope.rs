//! Which tables a query reads, and the proofs that its expressions read no others.
//!
//! A scope is a flat tuple of [`In`] and [`Out`]. Three rules make the compiler name the table at the
//! clause that is wrong: the table or expression is the trait's `Self`, never the scope;
//! `do_not_recommend` stands on leaf impls only; no associated-type equality in public bounds.

use super::node::SourceRef;
use crate::error::{Error, ErrorKind, Result};
use crate::query::Table;
use crate::types::Value;
use crate::types::cells::{Cells, Decode};
use std::marker::PhantomData;

/// Something a query can read rows from: a table, or an alias of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table or an alias of one",
    note = "derive `Table` for it, or make an alias with `orm::alias!`"
)]
pub trait Source: 'static {
    /// The table whose rows it has.
    type Row: Table;
    /// Its name as bits, so that two names can be told apart by types.
    type Id;
    /// Its name in a query.
    const SOURCE: SourceRef;
}

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
        f.write_str(S::SOURCE.name)
    }
}

/// A source whose row is always there.
pub struct In<S>(PhantomData<S>);
/// A source whose row may be missing: the right side of a left join.
pub struct Out<S>(PhantomData<S>);

/// A place in a scope.
pub struct At<const N: usize>;

/// One source of a scope.
pub trait Slot {
    /// What the row is: `T`, or `Option<T>`.
    type Row: Decode;
}

impl<S: Source> Slot for In<S> {
    type Row = S::Row;
}

impl<S: Source> Slot for Out<S> {
    type Row = Option<S::Row>;
}

/// `Self`, a source, is read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "table `{Self}` is not part of this query",
    label = "uses a column of `{Self}`, which this query does not read",
    note = "the query reads {Scope}; join `{Self}` first"
)]
pub trait PartOf<Scope, Place> {
    /// The type of a column of `Self` in this scope: nullable when the row may be missing.
    type Seen<V: Value>: Value;
}

/// `Self`, the sources of an expression, are all read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "this expression reads tables that are not part of this query",
    note = "the query reads {Scope}"
)]
pub trait InScope<Scope, Place> {}

/// The sources of an expression that reads one source.
pub struct Of<S>(PhantomData<S>);

impl<Scope> InScope<Scope, ()> for () {}
impl<S, Scope, Place> InScope<Scope, (Place,)> for Of<S> where S: PartOf<Scope, Place> {}
impl<A, B, Scope, PlaceA, PlaceB> InScope<Scope, (PlaceA, PlaceB)> for (A, B)
where
    A: InScope<Scope, PlaceA>,
    B: InScope<Scope, PlaceB>,
{
}

/// `Self`, the sources of an expression, are none, or only `S`.
#[diagnostic::on_unimplemented(
    message = "this expression reads another table than `{S}`",
    label = "only columns of `{S}` can be used here"
)]
pub trait Only<S> {}

impl<S> Only<S> for () {}
impl<S> Only<S> for Of<S> {}
impl<S, A: Only<S>, B: Only<S>> Only<S> for (A, B) {}

/// `Self`, a source, has not yet been read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "table `{Self}` is already part of this query",
    label = "`{Self}` for the second time",
    note = "give the second one a name of its own: `orm::alias!(pub Other = {Self});`, then join `Other` and write `Other::of({Self}::column)`"
)]
pub trait NotYetIn<Scope> {}

/// The bit 0 of a source's name.
pub struct B0;
/// The bit 1 of a source's name.
pub struct B1;

/// Two names that differ.
pub trait Differs<Other> {}

impl<A, B> Differs<(B1, B)> for (B0, A) {}
impl<A, B> Differs<(B0, B)> for (B1, A) {}
impl<A: Differs<B>, B> Differs<(B0, B)> for (B0, A) {}
impl<A: Differs<B>, B> Differs<(B1, B)> for (B1, A) {}

/// The source in a slot.
pub trait Holds {
    /// The source.
    type Source: Source;
}

impl<S: Source> Holds for In<S> {
    type Source = S;
}

impl<S: Source> Holds for Out<S> {
    type Source = S;
}

/// A tuple of slots.
pub trait Scope {
    /// The rows of the sources: `T` for one, a tuple for several.
    type Row: Decode;
    /// The same scope with one more source.
    type With<S: Slot>: Scope;
}

macro_rules! scope {
    (@row $only:ident) => { $only::Row };
    (@row $($slot:ident)+) => { ($($slot::Row,)+) };
    (@full $($slot:ident)+) => {
        impl<$($slot: Slot),+> Scope for ($($slot,)+) {
            type Row = scope!(@row $($slot)+);
            // Eight sources are the most that one query can join.
            type With<New: Slot> = TooManySources;
        }
    };
    (@grow $($slot:ident)+) => {
        impl<$($slot: Slot),+> Scope for ($($slot,)+) {
            type Row = scope!(@row $($slot)+);
            type With<New: Slot> = ($($slot,)+ New,);
        }
    };
    (@new $($slot:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<New: Source, $($slot: Holds),+> NotYetIn<($($slot,)+)> for New
        where
            $(New::Id: Differs<<$slot::Source as Source>::Id>),+
        {}
    };
    (@part $place:literal [$($before:ident)*] [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<Me, $($before,)* $($after,)*> PartOf<($($before,)* In<Me>, $($after,)*), At<$place>> for Me {
            type Seen<V: Value> = V;
        }
        #[diagnostic::do_not_recommend]
        impl<Me, $($before,)* $($after,)*> PartOf<($($before,)* Out<Me>, $($after,)*), At<$place>> for Me {
            type Seen<V: Value> = V::Nullable;
        }
    };
}

/// The scope of a query that joins too many sources: it can be neither read nor joined.
pub struct TooManySources;

impl Decode for TooManySources {
    fn decode(_: &mut Cells<'_>) -> Result<Self> {
        Err(Error::new(ErrorKind::Query, "a query joins more than eight tables"))
    }
}

impl Scope for TooManySources {
    type Row = Self;
    type With<S: Slot> = Self;
}

scope!(@grow A);
scope!(@grow A B);
scope!(@grow A B C);
scope!(@grow A B C D);
scope!(@grow A B C D E);
scope!(@grow A B C D E F);
scope!(@grow A B C D E F G);
scope!(@full A B C D E F G H);

scope!(@new A);
scope!(@new A B);
scope!(@new A B C);
scope!(@new A B C D);
scope!(@new A B C D E);
scope!(@new A B C D E F);
scope!(@new A B C D E F G);

scope!(@part 0 [] []);
scope!(@part 0 [] [B]);
scope!(@part 1 [A] []);
scope!(@part 0 [] [B C]);
scope!(@part 1 [A] [C]);
scope!(@part 2 [A B] []);
scope!(@part 0 [] [B C D]);
scope!(@part 1 [A] [C D]);
scope!(@part 2 [A B] [D]);
scope!(@part 3 [A B C] []);
scope!(@part 0 [] [B C D E]);
scope!(@part 1 [A] [C D E]);
scope!(@part 2 [A B] [D E]);
scope!(@part 3 [A B C] [E]);
scope!(@part 4 [A B C D] []);
scope!(@part 0 [] [B C D E F]);
scope!(@part 1 [A] [C D E F]);
scope!(@part 2 [A B] [D E F]);
scope!(@part 3 [A B C] [E F]);
scope!(@part 4 [A B C D] [F]);
scope!(@part 5 [A B C D E] []);
scope!(@part 0 [] [B C D E F G]);
scope!(@part 1 [A] [C D E F G]);
scope!(@part 2 [A B] [D E F G]);
scope!(@part 3 [A B C] [E F G]);
scope!(@part 4 [A B C D] [F G]);
scope!(@part 5 [A B C D E] [G]);
scope!(@part 6 [A B C D E F] []);
scope!(@part 0 [] [B C D E F G H]);
scope!(@part 1 [A] [C D E F G H]);
scope!(@part 2 [A B] [D E F G H]);
scope!(@part 3 [A B C] [E F G H]);
scope!(@part 4 [A B C D] [F G H]);
scope!(@part 5 [A B C D E] [G H]);
scope!(@part 6 [A B C D E F] [H]);
scope!(@part 7 [A B C D E F G] []);
