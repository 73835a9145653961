//! Whether a clause of a grouped query, or of one that is aggregated as a whole, may read what it reads.
//!
//! A select without `group_by` is checked by [`Kinds`]: an aggregate together with a plain column is refused, and the message
//! names the column. A select with `group_by` is checked by [`GroupedBy`]: each column is a key, belongs to a table whose
//! primary key is among the keys, or is inside an aggregate (manual, section 7.2.3).

use super::column::TableColumn;
use super::digits::{Answer, Equals, No, Yes};
use super::reads::{Aggregated, KeyOf, LastOf, NeverNull, Of, RowOf, Windowed, Within};
use super::scope::{NoKey, Source};
use super::set_operation::AtPosition;
use std::marker::PhantomData;

/// An aggregate without a grouping.
pub enum Whole {}

/// What a select list without grouping is made of.
pub trait Kinds {
    /// `()`: only constants; [`Whole`]: aggregates; a column, or a source: plain rows.
    type Kind;
}

/// Two parts of one select list go together: `Kind` is that of both.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither grouped nor aggregated",
    label = "the list has an aggregate, and reads `{Self}` outside one",
    note = "add `.group_by(..)` with `{Self}` before this clause, or put the column into an aggregate"
)]
pub trait Mix<Other> {
    /// Of what kind both are.
    type Kind;
}

/// `Self`, a column or source, is in a select list with aggregates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither grouped nor aggregated",
    label = "the list has an aggregate, and reads `{Self}` outside one",
    note = "add `.group_by(..)` with `{Self}` before this clause, or put the column into an aggregate"
)]
pub trait NeitherGroupedNorAggregated {}

/// A kind that is plain rows: a column, or a source.
pub trait Plain {}
impl<C: TableColumn> Plain for C {}
impl<S> Plain for RowOf<S> {}
impl<T> Plain for Within<T> {}

impl<X> Mix<X> for () {
    type Kind = X;
}
impl Mix<()> for Whole {
    type Kind = Self;
}
impl Mix<Self> for Whole {
    type Kind = Self;
}
impl<P: Plain + NeitherGroupedNorAggregated> Mix<P> for Whole {
    type Kind = Self;
}
impl<P: Plain> Mix<()> for P {
    type Kind = Self;
}
impl<P: Plain + NeitherGroupedNorAggregated> Mix<Whole> for P {
    type Kind = Whole;
}
impl<P: Plain, Q: Plain> Mix<Q> for P {
    type Kind = P;
}

impl Kinds for () {
    type Kind = ();
}
impl<C: TableColumn> Kinds for Of<C> {
    type Kind = C;
}
impl<S> Kinds for RowOf<S> {
    type Kind = Self;
}
impl<T> Kinds for Within<T> {
    type Kind = Self;
}
impl<A> Kinds for Aggregated<A> {
    type Kind = Whole;
}
impl<A: Kinds> Kinds for Windowed<A> {
    type Kind = A::Kind;
}
impl<A: Kinds> Kinds for NeverNull<A> {
    type Kind = A::Kind;
}
impl<F, A: Kinds> Kinds for KeyOf<F, A> {
    type Kind = A::Kind;
}
impl<A: Kinds, B: Kinds> Kinds for (A, B)
where
    A::Kind: Mix<B::Kind>,
{
    type Kind = <A::Kind as Mix<B::Kind>>::Kind;
}
impl<A: Kinds, B: Kinds> Kinds for LastOf<A, B>
where
    A::Kind: Mix<B::Kind>,
{
    type Kind = <A::Kind as Mix<B::Kind>>::Kind;
}

/// The rows are not grouped.
pub enum Ungrouped {}

/// A grouping by the list `Keys`: `(Key<Column>, (ExpressionKey<..>, ()))`, or [`Sets`] of it.
pub struct By<Keys>(PhantomData<Keys>);

/// Keys that are left out in some of the groups: `ROLLUP`, `CUBE`, `GROUPING SETS`. No other column depends on them.
pub struct Sets<Keys>(PhantomData<Keys>);

/// Whether columns depend on the keys if a primary key is among them.
pub trait Dependency {
    /// The answer.
    type Answer: Answer;
}

impl Dependency for () {
    type Answer = Yes;
}
impl<First, Rest> Dependency for (First, Rest) {
    type Answer = Yes;
}
impl<Keys> Dependency for Sets<Keys> {
    type Answer = No;
}

/// The column `C` as a key.
pub struct Key<C>(PhantomData<C>);
/// An expression as a key: it covers only itself.
pub struct ExpressionKey<A>(PhantomData<A>);

/// Whether a column, by its source and its position, is one of the keys.
pub trait Contains<Id, Position> {
    /// The answer.
    type Answer: Answer;
}

impl<Id, Position> Contains<Id, Position> for () {
    type Answer = No;
}

impl<C: TableColumn, Rest, Id, Position> Contains<Id, Position> for (Key<C>, Rest)
where
    Id: Equals<<C::Source as Source>::Id>,
    Position: Equals<C::Position>,
    Rest: Contains<Id, Position>,
{
    type Answer = <<Id::Answer as Answer>::And<Position::Answer> as Answer>::Or<Rest::Answer>;
}

impl<A, Rest: Contains<Id, Position>, Id, Position> Contains<Id, Position>
    for (ExpressionKey<A>, Rest)
{
    type Answer = Rest::Answer;
}

impl<Keys: Contains<Id, Position>, Id, Position> Contains<Id, Position> for Sets<Keys> {
    type Answer = Keys::Answer;
}

/// Whether all positions of a primary key are among the keys.
pub trait ContainsAll<Id, Positions> {
    /// The answer.
    type Answer: Answer;
}

impl<Keys, Id> ContainsAll<Id, NoKey> for Keys {
    type Answer = No;
}

impl<Keys: Dependency, Id> ContainsAll<Id, ()> for Keys {
    type Answer = Keys::Answer;
}

impl<Keys, Id, First, Rest> ContainsAll<Id, (First, Rest)> for Keys
where
    Keys: Contains<Id, First> + ContainsAll<Id, Rest>,
{
    type Answer = <<Keys as Contains<Id, First>>::Answer as Answer>::And<
        <Keys as ContainsAll<Id, Rest>>::Answer,
    >;
}

/// An answer that must be `Yes`, about the column or source `C`.
#[diagnostic::on_unimplemented(
    message = "`{C}` is neither grouped nor aggregated",
    label = "reads `{C}`, which is no key of `group_by`",
    note = "add `{C}` to `.group_by(..)`, or put it into an aggregate"
)]
pub trait Holds<C> {}
impl<C> Holds<C> for Yes {}

/// `Self`, what an expression reads, has one value for each group of the keys.
pub trait GroupedBy<Keys, Place> {}

impl<Keys> GroupedBy<Keys, ()> for () {}

impl<Keys, C: TableColumn> GroupedBy<Keys, ()> for Of<C>
where
    Keys: Contains<<C::Source as Source>::Id, C::Position>
        + ContainsAll<<C::Source as Source>::Id, <C::Source as Source>::PrimaryKey>,
    <<Keys as Contains<<C::Source as Source>::Id, C::Position>>::Answer as Answer>::Or<
        <Keys as ContainsAll<<C::Source as Source>::Id, <C::Source as Source>::PrimaryKey>>::Answer,
    >: Holds<C>,
{
}

impl<Keys, S: Source> GroupedBy<Keys, ()> for RowOf<S>
where
    Keys: ContainsAll<S::Id, S::PrimaryKey>,
    <Keys as ContainsAll<S::Id, S::PrimaryKey>>::Answer: Holds<S>,
{
}

impl<Keys, A> GroupedBy<Keys, ()> for Aggregated<A> {}
impl<Keys> GroupedBy<Keys, ()> for AtPosition {}

impl<Keys, Place, A: GroupedBy<Keys, Place>> GroupedBy<Keys, Place> for Windowed<A> {}
impl<Keys, Place, A: GroupedBy<Keys, Place>> GroupedBy<Keys, Place> for NeverNull<A> {}

impl<Keys, PlaceA, PlaceB, A: GroupedBy<Keys, PlaceA>, B: GroupedBy<Keys, PlaceB>>
    GroupedBy<Keys, (PlaceA, PlaceB)> for (A, B)
{
}
impl<Keys, PlaceA, PlaceB, A: GroupedBy<Keys, PlaceA>, B: GroupedBy<Keys, PlaceB>>
    GroupedBy<Keys, (PlaceA, PlaceB)> for LastOf<A, B>
{
}

impl<Keys: HasExpression<KeyOf<F, A>, Place>, Place, F, A> GroupedBy<Keys, (Place,)>
    for KeyOf<F, A>
{
}

/// The expression `A` is one of the keys.
#[diagnostic::on_unimplemented(
    message = "an expression is neither grouped nor aggregated: `{A}`",
    label = "this key is not in `group_by`",
    note = "add it to `.group_by(..)`"
)]
pub trait HasExpression<A, Place> {}

/// The first key of the list.
pub enum Here {}
/// A later key.
pub struct Later<Place>(PhantomData<Place>);

#[diagnostic::do_not_recommend]
impl<A, Rest> HasExpression<A, Here> for (ExpressionKey<A>, Rest) {}
#[diagnostic::do_not_recommend]
impl<A, Keys: HasExpression<A, Place>, Place> HasExpression<A, Place> for Sets<Keys> {}
#[diagnostic::do_not_recommend]
impl<A, First, Rest: HasExpression<A, Place>, Place> HasExpression<A, Later<Place>>
    for (First, Rest)
{
}

/// `Self`, what a key of `ORDER BY` reads, has one value for each row that the grouping `G` gives.
pub trait OrderedIn<G, Place> {}

impl<R: NoAggregate> OrderedIn<Ungrouped, ()> for R {}
impl<R: GroupedBy<(), Place>, Place> OrderedIn<Whole, Place> for R {}
impl<R: GroupedBy<Keys, Place>, Keys, Place> OrderedIn<By<Keys>, Place> for R {}

/// `Self`, what a select list reads, has one value for each row that the grouping `G` gives.
pub trait SelectedIn<G, Place> {
    /// The grouping of the query that selects it.
    type Grouping;
    /// Whether the list makes one row of all: it is of aggregates, and the query is not grouped.
    const IS_WHOLE: bool;
}

impl<R: Kinds> SelectedIn<Ungrouped, ()> for R
where
    R::Kind: GroupingOf,
{
    type Grouping = <R::Kind as GroupingOf>::Grouping;
    const IS_WHOLE: bool = R::Kind::IS_WHOLE;
}
impl<R: GroupedBy<Keys, Place>, Keys, Place> SelectedIn<By<Keys>, Place> for R {
    type Grouping = By<Keys>;
    const IS_WHOLE: bool = false;
}

/// The grouping of a query without `group_by`, by the kind of its select list.
pub trait GroupingOf {
    /// [`Ungrouped`], or [`Whole`]: one group.
    type Grouping;
    /// Whether it is [`Whole`].
    const IS_WHOLE: bool;
}

impl GroupingOf for () {
    type Grouping = Ungrouped;
    const IS_WHOLE: bool = false;
}
impl GroupingOf for Whole {
    type Grouping = Whole;
    const IS_WHOLE: bool = true;
}
impl<P: Plain> GroupingOf for P {
    type Grouping = Ungrouped;
    const IS_WHOLE: bool = false;
}

/// `Self`, what an expression reads, has no aggregate.
#[diagnostic::on_unimplemented(
    message = "`order_by` and `distinct_on` cannot use an aggregate of rows that are not grouped: `{Self}`",
    label = "the query is not grouped",
    note = "call `.group_by(..)` before this clause, or select the aggregate first"
)]
pub trait NoAggregate {}

impl NoAggregate for () {}
impl<C> NoAggregate for Of<C> {}
impl<S> NoAggregate for RowOf<S> {}
impl<T> NoAggregate for Within<T> {}
impl<A: NoAggregate, B: NoAggregate> NoAggregate for (A, B) {}
impl<A: NoAggregate, B: NoAggregate> NoAggregate for LastOf<A, B> {}
impl<A: NoAggregate> NoAggregate for NeverNull<A> {}
impl<A: NoAggregate> NoAggregate for Windowed<A> {}
impl<F, A: NoAggregate> NoAggregate for KeyOf<F, A> {}
impl NoAggregate for AtPosition {}
