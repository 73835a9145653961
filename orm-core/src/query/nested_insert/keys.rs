//! Which columns of an insert are carried over along a relation, as types: what may be left out of a row that is inserted
//! with another.

use super::super::column::{Same, TableColumn};
use super::super::digits::{Contains, Yes};
use super::super::insert::{Missing, Overriding, Set, SystemValue};
use super::super::relation::{KindOf, OneFor, RelationDefinition, ToOne, ToOptional};
use crate::types::Value;
use std::marker::PhantomData;

/// Where the key of a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The table that has the relation references the other.
    Own,
    /// The related table references the one that has the relation.
    Their,
    /// A join table references both.
    Join,
}

/// Where the key of a relation is, as a type.
pub trait KeySide {
    /// The same as a value.
    const SIDE: Side;
}

/// The table that has the relation references the other: `Session::user`.
pub enum OwnKey {}
/// The related table references the one that has the relation: `User::sessions`.
pub enum TheirKey {}
/// A join table references both.
pub enum JoinTable {}

/// The related table has the columns of the relation `R`, which are no foreign key: `on(..)`.
pub struct TheirColumns<R>(PhantomData<R>);

impl<R> KeySide for TheirColumns<R> {
    const SIDE: Side = Side::Their;
}

impl KeySide for OwnKey {
    const SIDE: Side = Side::Own;
}

impl KeySide for TheirKey {
    const SIDE: Side = Side::Their;
}

impl KeySide for JoinTable {
    const SIDE: Side = Side::Join;
}

/// A relation along which rows are written. Implemented by `#[derive(Table)]`.
pub trait WrittenRelation: RelationDefinition {
    /// [`OwnKey`], [`TheirKey`], [`TheirColumns`] or [`JoinTable`].
    type Key: KeySide;
}

/// The state of an insert after the relation `Self` has carried over its key: of a row that is inserted with the row it
/// belongs to, the columns of the foreign key are set. Implemented by `#[derive(Table)]`.
pub trait Carries<State>: WrittenRelation {
    /// The state afterwards.
    type After;
}

/// The column `Self` is one of a foreign key to the table `T`. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "a row that is inserted with one of `{T}` must set a required column first: `{Self}`",
    label = "the required column `{Self}` is missing",
    note = "only the foreign key to `{T}` is carried over; a column may be left out if it has a default, or if its field is an `Option`"
)]
pub trait References<T> {}

/// A relation that gives columns of the related table their values: those that are no foreign key. Implemented by
/// `#[derive(Table)]`.
pub trait GivesColumns {
    /// The positions of the columns.
    type Positions;
}

/// The column at the position `Self` of the related table gets its value from the relation `R`.
pub trait GivenBy<R> {}
impl<P, R: GivesColumns<Positions: Contains<P, Answer = Yes>>> GivenBy<R> for P {}

/// `Self`, the state of the insert of a row that is inserted with another, has nothing missing but the foreign key to `From`
/// that is carried over.
#[diagnostic::on_unimplemented(
    message = "a row that is inserted with one of `{From}` must set a required column first: `{Self}`",
    label = "a required column is missing",
    note = "a column may be left out if it has a default, or if its field is an `Option`"
)]
pub trait ProvidedWith<Key, From> {}

impl<K, F> ProvidedWith<K, F> for () {}
impl<K, F> ProvidedWith<K, F> for Set {}
impl<K, F> ProvidedWith<K, F> for Overriding {}
impl<C, K, F> ProvidedWith<K, F> for SystemValue<C> {}
impl<A: ProvidedWith<K, F>, B: ProvidedWith<K, F>, K, F> ProvidedWith<K, F> for (A, B) {}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, F> ProvidedWith<TheirKey, F> for Missing<C>
where
    C::Value: OneFor<<C::Value as Value>::NotNull>,
    KindOf<C>: LeftOut<C, F>,
{
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, F> ProvidedWith<OwnKey, F> for Missing<C> where
    C::Value: Same<<C::Value as Value>::Nullable>
{
}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, F> ProvidedWith<JoinTable, F> for Missing<C> where
    C::Value: Same<<C::Value as Value>::Nullable>
{
}

/// The column `C` of that kind may be left out of a row that is inserted with one of `F`: it can be NULL, or is carried over.
pub trait LeftOut<C, F> {}
impl<C, F> LeftOut<C, F> for ToOptional {}
#[diagnostic::do_not_recommend]
impl<C: References<F>, F> LeftOut<C, F> for ToOne {}

#[diagnostic::do_not_recommend]
impl<C: TableColumn, R, F> ProvidedWith<TheirColumns<R>, F> for Missing<C>
where
    C::Value: OneFor<<C::Value as Value>::NotNull>,
    KindOf<C>: LeftOutAlong<C, R>,
{
}

/// The column `C` of that kind may be left out of a row that is inserted along `R`: it can be NULL, or is carried over.
pub trait LeftOutAlong<C, R> {}
impl<C, R> LeftOutAlong<C, R> for ToOptional {}
#[diagnostic::do_not_recommend]
impl<C: TableColumn<Position: GivenBy<R>>, R> LeftOutAlong<C, R> for ToOne {}

/// The table `Self` of rows is the one that a relation leads to, `T`.
#[diagnostic::on_unimplemented(
    message = "rows of table `{Self}` are given to a relation to table `{T}`",
    label = "not rows of table `{T}`"
)]
pub trait RelatedTable<T> {}
impl<T> RelatedTable<T> for T {}

/// Rows are linked to rows that exist: by the key of the related table, or in a join table.
#[diagnostic::on_unimplemented(
    message = "relation `{R}` is not linked: its key is a column of the row itself",
    label = "nothing to link",
    note = "set the column: `.user_id(..)` in an insert, `.set(Session::user_id.set(..))` in an update"
)]
pub trait LinksRows<R>: KeySide {}
impl<R> LinksRows<R> for TheirKey {}
impl<R> LinksRows<R> for TheirColumns<R> {}
impl<R> LinksRows<R> for JoinTable {}
