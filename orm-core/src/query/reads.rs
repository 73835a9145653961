//! What an expression reads, as a type: a tree whose leaves name columns.
//!
//! `()` reads nothing, [`Of`] one column, `(A, B)` what both read. [`Aggregated`], [`Windowed`] and the others say what
//! an expression does with it. A clause asks the tree: are the sources there ([`InScope`]), may a row be missing
//! ([`InScope::Null`]), is it free of aggregates ([`PerRow`])? The grouping asks the rest (`grouping`).

use super::column::TableColumn;
use super::scope::{Absent, Nullness, PartOf, Present, Scope, Source};
use std::marker::PhantomData;

/// Reads the column `C`.
pub struct Of<C>(PhantomData<C>);
/// Reads whole rows of the source `S`.
pub struct RowOf<S>(PhantomData<S>);
/// Reads any columns of the sources `T`: a source, or a tuple of sources.
pub struct Within<T>(PhantomData<T>);
/// An aggregate over what `A` reads.
pub struct Aggregated<A>(PhantomData<A>);
/// A window call over what `A` reads.
pub struct Windowed<A>(PhantomData<A>);
/// Never NULL, whatever rows are missing: `IS NULL`, `count`.
pub struct NeverNull<A>(PhantomData<A>);
/// Reads `A` and `B`, and is NULL only where `B` is: `coalesce`.
pub struct LastOf<A, B>(PhantomData<(A, B)>);
/// A key of `group_by` that is an expression: `F` tells it apart from others.
pub struct KeyOf<F, A>(PhantomData<(F, A)>);

/// `Self`, what an expression reads, is read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "this expression reads tables that are not part of this query",
    note = "the query reads {Scope}"
)]
pub trait InScope<Scope, Place> {
    /// Whether the expression can be NULL because a row may be missing.
    type Null: Nullness;
}

impl<Scope> InScope<Scope, ()> for () {
    type Null = Present;
}

impl<C: TableColumn, Scope, Place> InScope<Scope, (Place,)> for Of<C>
where
    C::Source: PartOf<Scope, Place>,
{
    type Null = <C::Source as PartOf<Scope, Place>>::Null;
}

impl<S: PartOf<Scope, Place>, Scope, Place> InScope<Scope, (Place,)> for RowOf<S> {
    type Null = S::Null;
}

impl<T, Scope, Place> InScope<Scope, (Place,)> for Within<T>
where
    T: SourcesIn<Scope, Place>,
{
    type Null = Absent;
}

impl<A, B, Scope, PlaceA, PlaceB> InScope<Scope, (PlaceA, PlaceB)> for (A, B)
where
    A: InScope<Scope, PlaceA>,
    B: InScope<Scope, PlaceB>,
{
    type Null = <A::Null as Nullness>::Or<B::Null>;
}

impl<A, B, Scope, PlaceA, PlaceB> InScope<Scope, (PlaceA, PlaceB)> for LastOf<A, B>
where
    A: InScope<Scope, PlaceA>,
    B: InScope<Scope, PlaceB>,
{
    type Null = B::Null;
}

macro_rules! never_null {
    ($($name:ident)*) => {$(
        impl<A: InScope<Scope, Place>, Scope, Place> InScope<Scope, Place> for $name<A> {
            type Null = Present;
        }
    )*};
}

never_null! { Aggregated Windowed NeverNull }

impl<F, A: InScope<S, Place>, S: Scope, Place> InScope<S, Place> for KeyOf<F, A> {
    // Where `ROLLUP` leaves the key out it is NULL, whatever it is made of.
    type Null = <A::Null as Nullness>::Or<S::KeyNull>;
}

/// `Self`, a source or a tuple of sources, is read by a query with the sources `Scope`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not part of this query",
    note = "the query reads {Scope}"
)]
pub trait SourcesIn<Scope, Place> {}

impl<S: Source + PartOf<Scope, Place>, Scope, Place> SourcesIn<Scope, Place> for S {}

macro_rules! sources {
    ($($name:ident $place:ident),+) => {
        impl<Scope, $($name: PartOf<Scope, $place>, $place),+> SourcesIn<Scope, ($($place,)+)>
            for ($($name,)+) {}
    };
}

sources!(A PlaceA);
sources!(A PlaceA, B PlaceB);
sources!(A PlaceA, B PlaceB, C PlaceC);
sources!(A PlaceA, B PlaceB, C PlaceC, D PlaceD);
sources!(A PlaceA, B PlaceB, C PlaceC, D PlaceD, E PlaceE);
sources!(A PlaceA, B PlaceB, C PlaceC, D PlaceD, E PlaceE, F PlaceF);

/// `Self`, what an expression reads, is computed for each row: it has no aggregate and no window call.
#[diagnostic::on_unimplemented(
    message = "an aggregate or a window call cannot be used in this clause: `{Self}`",
    label = "not computed for each row",
    note = "filter groups with `having`; filter by a window call in a query around this one"
)]
pub trait PerRow {}

impl PerRow for () {}
impl<C> PerRow for Of<C> {}
impl<S> PerRow for RowOf<S> {}
impl<T> PerRow for Within<T> {}
impl<A: PerRow, B: PerRow> PerRow for (A, B) {}
impl<A: PerRow, B: PerRow> PerRow for LastOf<A, B> {}
impl<A: PerRow> PerRow for NeverNull<A> {}
impl<F, A: PerRow> PerRow for KeyOf<F, A> {}

/// `Self`, what an expression reads, has no window call: it can be grouped and be an argument of an aggregate.
#[diagnostic::on_unimplemented(
    message = "a window call cannot be inside an aggregate, another window call or a key of groups: `{Self}`",
    label = "computed after grouping",
    note = "compute it in a query within this one: `orm::from(query)`"
)]
pub trait BeforeWindows {}

impl BeforeWindows for () {}
impl<C> BeforeWindows for Of<C> {}
impl<S> BeforeWindows for RowOf<S> {}
impl<T> BeforeWindows for Within<T> {}
impl<A> BeforeWindows for Aggregated<A> {}
impl<A: BeforeWindows, B: BeforeWindows> BeforeWindows for (A, B) {}
impl<A: BeforeWindows, B: BeforeWindows> BeforeWindows for LastOf<A, B> {}
impl<A: BeforeWindows> BeforeWindows for NeverNull<A> {}
impl<F, A: BeforeWindows> BeforeWindows for KeyOf<F, A> {}

/// `Self`, what an expression reads, is nothing, or only columns of the source `S`.
#[diagnostic::on_unimplemented(
    message = "this expression reads another table than `{S}`",
    label = "only columns of `{S}` can be used here"
)]
pub trait Only<S> {}

impl<S> Only<S> for () {}
impl<S, C: TableColumn<Source = S>> Only<S> for Of<C> {}
impl<S> Only<S> for RowOf<S> {}
impl<S> Only<S> for Within<S> {}
impl<S, A: Only<S>, B: Only<S>> Only<S> for (A, B) {}
impl<S, A: Only<S>, B: Only<S>> Only<S> for LastOf<A, B> {}
impl<S, A: Only<S>> Only<S> for NeverNull<A> {}
impl<S, A: Only<S>> Only<S> for Aggregated<A> {}
impl<S, A: Only<S>> Only<S> for Windowed<A> {}
impl<S, F, A: Only<S>> Only<S> for KeyOf<F, A> {}

/// `Self`, what the arguments of an aggregate read, has no aggregate and no window call.
#[diagnostic::on_unimplemented(
    message = "an aggregate cannot be inside another aggregate: `{Self}`",
    label = "the argument, filter or order of this aggregate has an aggregate",
    note = "compute the inner one in a query within this one; over a window, `.over(..)`, it may be aggregated"
)]
pub trait InAggregate {}
#[diagnostic::do_not_recommend]
impl<R: PerRow> InAggregate for R {}
// Refused by `BeforeWindows`, where the aggregate is made.
#[diagnostic::do_not_recommend]
impl<A> InAggregate for Windowed<A> {}

/// `Self`, what a query reads of those around it, is nothing.
#[diagnostic::on_unimplemented(
    message = "this query is correlated: it reads a table of an enclosing query",
    label = "reads the sources before it",
    note = "join it with `inner_join_lateral`, `left_join_lateral` or `cross_join_lateral`"
)]
pub trait ReadsNothing {}
impl ReadsNothing for () {}
impl<A: ReadsNothing, B: ReadsNothing> ReadsNothing for (A, B) {}

/// `Self`, what a condition of rows reads, is computed for each row.
#[diagnostic::on_unimplemented(
    message = "`filter`, and the condition of a join, cannot use an aggregate or a window call: `{Self}`",
    label = "not computed for each row",
    note = "filter groups with `having`; filter by a window call in a query around this one: `orm::from(query).filter(..)`"
)]
pub trait InFilter {}
#[diagnostic::do_not_recommend]
impl<R: PerRow> InFilter for R {}

/// `Self`, what a key of `group_by` reads, is computed for each row.
#[diagnostic::on_unimplemented(
    message = "`group_by` cannot use an aggregate or a window call: `{Self}`",
    label = "not computed for each row",
    note = "compute it in a query within this one: `orm::from(query).group_by(..)`"
)]
pub trait InGroupBy {}
#[diagnostic::do_not_recommend]
impl<R: PerRow> InGroupBy for R {}

/// `Self`, what a condition of groups reads, has no window call.
#[diagnostic::on_unimplemented(
    message = "`having` cannot use a window call: `{Self}`",
    label = "computed after grouping",
    note = "filter by it in a query around this one: `orm::from(query).filter(..)`"
)]
pub trait InHaving {}
#[diagnostic::do_not_recommend]
impl<R: BeforeWindows> InHaving for R {}
