//! Related rows: the handle of a relation, `User::sessions`, and what it loads, filtered, sorted, limited, with columns chosen and
//! relations of its own.

use super::Table;
use super::alias::RelationOfAlias;
use super::condition::IntoCondition;
use super::from_row::PickedFrom;
use super::grouping::{SelectedIn, Ungrouped};
use super::join::{along, have};
use super::loaded::{LoadedBelow, push_relation};
use super::node::{Distinct, FromItem, Join, JoinKind, NestedSelect, Select};
use super::order::OrderBy;
use super::placeholder::RowCount;
use super::relation::{Kind, RelationDefinition};
use super::scope::Source;
use super::selection::Selection;
use crate::types::nested::RowsOf;
use std::marker::PhantomData;

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
        write!(f, "{}::{} -> {}", <R::From as Table>::NAME, R::NAME, <R::To as Table>::NAME)
    }
}

impl<R> Relation<R> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);
}

/// The related rows, filtered, sorted or with relations of their own.
///
/// `P` is the source that has the relation `R`, `Row` what one related row is read as, and `K` how many there are.
#[must_use = "a relation is loaded by `.with(..)`"]
pub struct Related<R, Row, K, P> {
    pub(super) select: Select,
    pub(super) is_value: bool,
    types: PhantomData<fn() -> (R, Row, K, P)>,
}

impl<R, Row, K, P> Clone for Related<R, Row, K, P> {
    fn clone(&self) -> Self {
        Self { select: self.select.clone(), is_value: self.is_value, types: PhantomData }
    }
}

impl<R, Row, K, P> std::fmt::Debug for Related<R, Row, K, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.select.fmt(f)
    }
}

/// What a relation reads: the related table, joined with a join table where there is one.
fn select_of<R: RelationDefinition>() -> Select {
    let mut select = Select::of(FromItem::of_table::<R::To>());
    if let Some(through) = &R::THROUGH {
        select.joins.push(Join {
            kind: JoinKind::Inner,
            source: FromItem::table(through.table, through.name),
            on: Some(along(<R::To as Source>::SOURCE, through.name, through.keys)),
        });
    }
    select.filters.extend(have(<R::To as Source>::SOURCE, R::their_values()));
    select.filters.extend(R::condition());
    select
}

/// A relation, or its related rows: what the methods of both begin with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation",
    label = "not a relation",
    note = "`has_many` and `references` of a table make relations: `User::sessions`"
)]
pub trait IntoRelated {
    /// The relation.
    type Definition: RelationDefinition;
    /// The source that has it.
    type Parent: Source;
    /// What one related row is read as.
    type Row;
    /// How many related rows there are.
    type Kind: Kind;
    #[doc(hidden)]
    fn into_related(self) -> Related<Self::Definition, Self::Row, Self::Kind, Self::Parent>;
}

impl<R: RelationDefinition> IntoRelated for Relation<R> {
    type Definition = R;
    type Parent = R::From;
    type Row = R::To;
    type Kind = R::Kind;

    fn into_related(self) -> Related<R, R::To, R::Kind, R::From> {
        Related::new(select_of::<R>())
    }
}

impl<A: Source, R: RelationDefinition> IntoRelated for RelationOfAlias<A, R> {
    type Definition = R;
    type Parent = A;
    type Row = R::To;
    type Kind = R::Kind;

    fn into_related(self) -> Related<R, R::To, R::Kind, A> {
        Related::new(select_of::<R>())
    }
}

impl<R: RelationDefinition, Row, K: Kind, P: Source> IntoRelated for Related<R, Row, K, P> {
    type Definition = R;
    type Parent = P;
    type Row = Row;
    type Kind = K;

    fn into_related(self) -> Self {
        self
    }
}

impl<R, Row, K, P> Related<R, Row, K, P> {
    pub(super) fn new(select: Select) -> Self {
        Self { select, is_value: false, types: PhantomData }
    }

    pub(super) fn retyped<Row2, K2>(self) -> Related<R, Row2, K2, P> {
        Related { select: self.select, is_value: self.is_value, types: PhantomData }
    }
}

impl<R: RelationDefinition, Row, K: Kind, P: Source> Related<R, Row, K, P> {
    pub(super) fn nested(self) -> NestedSelect {
        NestedSelect {
            name: R::NAME,
            position: R::POSITION,
            parent: P::SOURCE,
            cardinality: K::CARDINALITY,
            child: R::THROUGH.as_ref().map_or(<R::To as Source>::SOURCE, |through| through.name),
            keys: R::KEYS,
            own_values: R::own_values(),
            fixed: R::their_values().into_iter().map(|(column, _)| column).collect(),
            is_value: self.is_value,
            field: Vec::new(),
            select: self.select,
        }
    }
}

/// What is read of the related rows is not chosen yet.
#[diagnostic::on_unimplemented(
    message = "what is read of the related rows of `{To}` is chosen twice",
    label = "`{Self}` is read already, and would be dropped",
    note = "call `.select(..)` once, without `.with(..)`: relations can be named in its list"
)]
pub trait NotChosen<To> {}
impl<To> NotChosen<To> for To {}

/// The clauses of related rows, as methods of a relation and of what they make of it.
macro_rules! clauses {
    ($([$($generics:tt)*] $of:ty, $row:ty, $kind:ty, $parent:ty;)*) => {$(
        impl<$($generics)*> $of {
            /// Gives only the related rows for which `condition` holds. Of a relation to one row it gives an `Option`.
            pub fn filter<C, Place>(
                self,
                condition: C,
            ) -> Related<R, $row, <$kind as Kind>::Filtered, $parent>
            where
                C: IntoCondition<R::Scope, Place>,
            {
                let mut related = self.into_related();
                related.select.filters.extend(condition.into_condition());
                related.retyped()
            }

            /// Sorts the related rows.
            pub fn order_by<O, Place>(self, order: O) -> Related<R, $row, $kind, $parent>
            where
                O: OrderBy<R::Scope, Ungrouped, Place>,
            {
                let mut related = self.into_related();
                order.append_to(&mut related.select.order);
                related
            }

            /// Gives at most this many related rows, for each row.
            pub fn limit(
                self,
                rows: impl RowCount,
            ) -> Related<R, $row, <$kind as Kind>::Filtered, $parent> {
                let mut related = self.into_related();
                related.select.limit = Some(rows.into_param());
                related.retyped()
            }

            /// Passes over this many related rows first, for each row.
            pub fn offset(
                self,
                rows: impl RowCount,
            ) -> Related<R, $row, <$kind as Kind>::Filtered, $parent> {
                let mut related = self.into_related();
                related.select.offset = Some(rows.into_param());
                related.retyped()
            }

            /// Gives equal related rows once, for each row: `SELECT DISTINCT`.
            pub fn distinct(self) -> Related<R, $row, $kind, $parent> {
                let mut related = self.into_related();
                related.select.distinct = Distinct::Rows;
                related
            }

            /// Loads a relation of the related table, too.
            pub fn with<N>(
                self,
                relation: N,
            ) -> Related<R, N::With, $kind, $parent>
            where
                N: LoadedBelow<R::To, $row>,
            {
                let mut related = self.into_related();
                let nested = relation.into_nested();
                related.select.outputs.with_vec(|outputs| push_relation(outputs, nested));
                related.retyped()
            }

            /// Gives these columns and expressions of each related row: a tuple of them, or of many rows also one.
            ///
            /// ```
            /// use auth::{Session, User};
            /// use orm::prelude::*;
            /// async fn tokens(db: &Db) -> orm::Result<Vec<(String, Vec<String>)>> {
            ///     User::query().select((User::name, User::sessions.select(Session::token))).all(db).await
            /// }
            /// ```
            pub fn select<L, Places, PlaceG>(
                self,
                list: L,
            ) -> Related<R, L::Row, $kind, $parent>
            where
                $row: NotChosen<R::To>,
                L: Selection<R::Scope, Places>,
                L::Row: RowsOf<<$kind as Kind>::Shape>,
                L::Reads: SelectedIn<Ungrouped, PlaceG>,
            {
                let mut related = self.into_related();
                related.select.outputs.clear();
                related.select.outputs.with_vec(|outputs| list.append_to(outputs));
                related.is_value = <L::Row as RowsOf<<$kind as Kind>::Shape>>::IS_VALUE;
                related.retyped()
            }

            /// Gives only the columns that the fields of `S` are named like, and what else it says: `#[from_row(from = ..)]`.
            pub fn select_as<S: PickedFrom<R::To>>(self) -> Related<R, S, $kind, $parent>
            where
                $row: NotChosen<R::To>,
            {
                let mut related = self.into_related();
                related.select.outputs.clear();
                let outputs = &mut related.select.outputs;
                outputs.with_vec(|outputs| S::append_columns(outputs, <R::To as Source>::SOURCE));
                related.retyped()
            }
        }
    )*};
}

clauses! {
    [R: RelationDefinition] Relation<R>, R::To, R::Kind, R::From;
    [A: Source, R: RelationDefinition] RelationOfAlias<A, R>, R::To, R::Kind, A;
    [R: RelationDefinition, Row, K: Kind, P: Source] Related<R, Row, K, P>, Row, K, P;
}

/// A relation of the source `T`, or its related rows filtered, sorted or with relations of their own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of table `{T}`",
    label = "not a relation of `{T}`",
    note = "name one: `.with({T}::relation)`, each in a call of its own; rows to be inserted are given before `.returning_all()`"
)]
pub trait RelationOf<T>: IntoRelated {
    /// The relation.
    type Relation: RelationDefinition;
    /// What it loads: a row, an `Option` of one, or a `Vec`.
    type Loaded;
    /// `X`, see `Parent::Then`.
    type Then<X>;
    #[doc(hidden)]
    fn into_nested(self) -> NestedSelect;
}

/// `Self`, the source that has the relation `R`, is the source `T`.
#[diagnostic::on_unimplemented(
    message = "`{R}` is a relation of `{Self}`, not of `{T}`",
    label = "not a relation of `{T}`",
    note = "a relation of a related table is nested: `.with({T}::outer.with(..))`"
)]
pub trait Parent<T, R> {
    /// `X`. Where the sources differ it is not known, and what is asked of it gives no second message.
    type Then<X>;
}

impl<P, R> Parent<P, R> for P {
    type Then<X> = X;
}

impl<T, R: RelationDefinition> RelationOf<T> for Relation<R>
where
    R::From: Parent<T, R>,
{
    type Relation = R;
    type Loaded = <R::Kind as Kind>::Of<R::To>;
    type Then<X> = <R::From as Parent<T, R>>::Then<X>;

    fn into_nested(self) -> NestedSelect {
        self.into_related().nested()
    }
}

impl<T, A: Source + Parent<T, R>, R: RelationDefinition> RelationOf<T> for RelationOfAlias<A, R> {
    type Relation = R;
    type Loaded = <R::Kind as Kind>::Of<R::To>;
    type Then<X> = A::Then<X>;

    fn into_nested(self) -> NestedSelect {
        self.into_related().nested()
    }
}

impl<T, R, Row, K, P> RelationOf<T> for Related<R, Row, K, P>
where
    R: RelationDefinition,
    K: Kind,
    P: Source + Parent<T, R>,
{
    type Relation = R;
    type Loaded = K::Of<Row>;
    type Then<X> = P::Then<X>;

    fn into_nested(self) -> NestedSelect {
        self.nested()
    }
}
