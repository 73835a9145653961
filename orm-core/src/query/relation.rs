//! Relations: `User::sessions`, `Session::user`, and what is loaded through them.

use super::condition::IntoCondition;
use super::grouping::Ungrouped;
use super::node::{Cardinality, FromItem, NestedSelect, Output, Param, Select};
use super::order::OrderBy;
use super::scope::Required;
use super::{Column, Query, Table, TableColumn};
use crate::types::Value;
use std::marker::PhantomData;

/// A relation, as a type. Implemented by `#[derive(Table)]`, one type for each relation.
pub trait RelationDefinition: 'static {
    /// The table that has the relation.
    type From: Table;
    /// The related table.
    type To: Table;
    /// How many related rows there are.
    type Kind: Kind;
    /// `Row` with a field named like the relation, holding `Related`.
    type Loaded<Row, Related>;
    /// Pairs of columns that are equal: the one of `From`, the one of `To`.
    const KEYS: &'static [(&'static str, &'static str)];
}

/// How many related rows a relation gives.
pub trait Kind {
    /// What holds rows of type `T`.
    type Of<T>;
    /// How many there are when some may be left out: a filter leaves none where one was required.
    type Filtered: Kind;
    /// How they are read.
    const CARDINALITY: Cardinality;
}

/// Any number of rows: `Vec<T>`.
pub enum ToMany {}
/// Exactly one row: the foreign key is NOT NULL.
pub enum ToOne {}
/// One row or none: the foreign key is nullable.
pub enum ToOptional {}

impl Kind for ToMany {
    type Of<T> = Vec<T>;
    type Filtered = Self;
    const CARDINALITY: Cardinality = Cardinality::Many;
}

impl Kind for ToOne {
    type Of<T> = T;
    type Filtered = ToOptional;
    const CARDINALITY: Cardinality = Cardinality::One;
}

impl Kind for ToOptional {
    type Of<T> = Option<T>;
    type Filtered = Self;
    const CARDINALITY: Cardinality = Cardinality::One;
}

/// How many related rows there are for a value of a foreign key: `NotNull` is the same type without `Option`.
///
/// The two impls do not meet, as no type is an `Option` of itself. So the type decides, however it is spelled.
pub trait OneFor<NotNull> {
    /// [`ToOne`] or [`ToOptional`].
    type Kind: Kind;
}

impl<T> OneFor<T> for T {
    type Kind = ToOne;
}

impl<T> OneFor<T> for Option<T> {
    type Kind = ToOptional;
}

/// How many rows are related through the column `C`.
pub type KindOf<C> =
    <<C as TableColumn>::Value as OneFor<<<C as TableColumn>::Value as Value>::NotNull>>::Kind;

/// The row that has the relation `R`.
pub type RowOf<R> = <R as RelationDefinition>::From;

/// What the relation `R` loads by itself: a row, an `Option` of one, or a `Vec`.
pub type RelatedOf<R> =
    <<R as RelationDefinition>::Kind as Kind>::Of<<R as RelationDefinition>::To>;

/// How many rows are related through two columns: where one of them is NULL there is none (`MATCH SIMPLE`).
pub trait And<Other: Kind>: Kind {
    /// [`ToOne`] or [`ToOptional`].
    type Kind: Kind;
}

impl<Other: Kind> And<Other> for ToOne {
    type Kind = Other;
}

impl<Other: Kind> And<Other> for ToOptional {
    type Kind = Self;
}

/// The handle of a relation: `User::sessions`.
pub struct Relation<R>(PhantomData<fn() -> R>);

impl<R> Clone for Relation<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Relation<R> {}

impl<R: RelationDefinition> std::fmt::Debug for Relation<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} -> {}", <R::From as Table>::NAME, <R::To as Table>::NAME)
    }
}

/// The related rows, filtered, sorted or with relations of their own.
#[must_use = "a relation is loaded by `.with(..)`"]
pub struct Related<R, Row, K> {
    query: Query<(), Row>,
    types: PhantomData<fn() -> (R, K)>,
}

impl<R, Row, K> Clone for Related<R, Row, K> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), types: PhantomData }
    }
}

impl<R, Row, K> std::fmt::Debug for Related<R, Row, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.query.fmt(f)
    }
}

impl<R: RelationDefinition> Relation<R> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);

    fn related(self) -> Related<R, R::To, R::Kind> {
        Related { query: Query::new(Select::of(FromItem::of_table::<R::To>())), types: PhantomData }
    }

    /// Keeps only the related rows for which `condition` holds. Of a relation to one row it gives an `Option`.
    pub fn filter<C, Place>(self, condition: C) -> Related<R, R::To, <R::Kind as Kind>::Filtered>
    where
        C: IntoCondition<(Required<R::To>,), Place>,
    {
        self.related().filter(condition)
    }

    /// Sorts the related rows.
    pub fn order_by<O, Place>(self, order: O) -> Related<R, R::To, R::Kind>
    where
        O: OrderBy<(Required<R::To>,), Ungrouped, Place>,
    {
        self.related().order_by(order)
    }

    /// Gives at most this many related rows, for each row.
    pub fn limit(self, rows: u64) -> Related<R, R::To, <R::Kind as Kind>::Filtered> {
        self.related().limit(rows)
    }

    /// Passes over this many related rows first, for each row.
    pub fn offset(self, rows: u64) -> Related<R, R::To, <R::Kind as Kind>::Filtered> {
        self.related().offset(rows)
    }

    /// Loads a relation of the related table too.
    pub fn with<N: RelationOf<R::To>>(self, relation: N) -> Related<R, N::Loaded<R::To>, R::Kind> {
        self.related().with(relation)
    }
}

impl<R: RelationDefinition, Row, K: Kind> Related<R, Row, K> {
    /// Keeps only the related rows for which `condition` holds. Of a relation to one row it gives an `Option`.
    pub fn filter<C, Place>(mut self, condition: C) -> Related<R, Row, K::Filtered>
    where
        C: IntoCondition<(Required<R::To>,), Place>,
    {
        self.query.select.filters.extend(condition.into_condition());
        self.retyped()
    }

    /// Sorts the related rows.
    pub fn order_by<O, Place>(mut self, order: O) -> Self
    where
        O: OrderBy<(Required<R::To>,), Ungrouped, Place>,
    {
        order.append_to(&mut self.query.select.order);
        self
    }

    /// Gives at most this many related rows, for each row.
    pub fn limit(mut self, rows: u64) -> Related<R, Row, K::Filtered> {
        self.query.select.limit = Some(Param::rows(rows));
        self.retyped()
    }

    /// Passes over this many related rows first, for each row.
    pub fn offset(mut self, rows: u64) -> Related<R, Row, K::Filtered> {
        self.query.select.offset = Some(Param::rows(rows));
        self.retyped()
    }

    /// Loads a relation of the related table too.
    pub fn with<N: RelationOf<R::To>>(mut self, relation: N) -> Related<R, N::Loaded<Row>, K> {
        self.query.select.outputs.push(Output::Relation(Box::new(relation.into_nested())));
        Related { query: Query::new(self.query.select), types: PhantomData }
    }
}

/// `Self`, a relation as a type, starts at table `T`. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of table `{T}`",
    label = "not a relation of `{T}`",
    note = "a relation of a related table is nested: `.with({T}::outer.with(Other::{Self}))`"
)]
pub trait StartsAt<T> {}

/// A relation of table `T`, or its related rows filtered, sorted or with relations of their own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of table `{T}`",
    label = "not a relation of `{T}`"
)]
pub trait RelationOf<T> {
    /// `Row` with the related rows.
    type Loaded<Row>;
    /// The erased form.
    fn into_nested(self) -> NestedSelect;
}

impl<T, R: RelationDefinition + StartsAt<T>> RelationOf<T> for Relation<R> {
    type Loaded<Row> = R::Loaded<Row, <R::Kind as Kind>::Of<R::To>>;

    fn into_nested(self) -> NestedSelect {
        self.related().nested()
    }
}

impl<T, R: RelationDefinition + StartsAt<T>, Row, K: Kind> RelationOf<T> for Related<R, Row, K> {
    type Loaded<Outer> = R::Loaded<Outer, K::Of<Row>>;

    fn into_nested(self) -> NestedSelect {
        self.nested()
    }
}

impl<R: RelationDefinition, Row, K: Kind> Related<R, Row, K> {
    fn retyped<L>(self) -> Related<R, Row, L> {
        Related { query: self.query, types: PhantomData }
    }

    fn nested(self) -> NestedSelect {
        NestedSelect { cardinality: K::CARDINALITY, keys: R::KEYS, select: self.query.select }
    }
}

/// A foreign key from `Self` to the table `T`, when there is exactly one: what `has_many` follows.
#[diagnostic::on_unimplemented(
    message = "table `{Self}` does not have exactly one foreign key to table `{T}`",
    label = "`has_many` cannot tell how `{Self}` belongs to `{T}`",
    note = "declare it in `{Self}`: `#[column(references = {T}::id)]`; if there are several, name one: `has_many(relation: {Self}::column)`"
)]
pub trait BelongsTo<T>: Table {
    /// Pairs of columns that are equal: the one of `T`, the one of `Self`.
    const KEYS: &'static [(&'static str, &'static str)];
}

/// The column `Self` references the table `T`: what `has_many(relation: Child::column)` follows.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` does not reference table `{T}`",
    label = "`has_many` follows a column that references `{T}`",
    note = "declare it: `#[column(references = {T}::id)]`"
)]
pub trait ForeignKeyTo<T> {
    /// Pairs of columns that are equal: the one of `T`, the one of the column's table.
    const KEYS: &'static [(&'static str, &'static str)];
}

/// The columns that are equal along a foreign key.
pub const fn foreign_key<C: ForeignKeyTo<T>, T>(
    _: Column<C>,
) -> &'static [(&'static str, &'static str)] {
    C::KEYS
}
