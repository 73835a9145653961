//! Relations as types: what `#[derive(Table)]` says of `User::sessions` and `Session::user`.

use super::node::{Cardinality, Node};
use super::scope::{Required, Scope};
use super::{Table, TableColumn};
use crate::types::Value;

/// A relation, as a type. Implemented by `#[derive(Table)]`, one type for each relation.
pub trait RelationDefinition: 'static {
    /// The table that has the relation.
    type From: Table;
    /// The related table.
    type To: Table;
    /// How many related rows there are.
    type Kind: Kind;
    /// What related rows are read from: `(Required<To>,)`, or `To` and a join table.
    type Scope: Scope;
    /// Its name.
    const NAME: &'static str;
    /// Its place among the relations of `From`.
    const POSITION: usize;
    /// Pairs of columns that are equal: the one of `From`, the one of `To`, or of the join table.
    const KEYS: Keys;
    /// The join table of a relation from many to many.
    const THROUGH: Option<Through> = None;

    /// The condition that every related row meets, where the relation has one.
    #[doc(hidden)]
    fn condition() -> Option<Node> {
        None
    }

    /// Whether columns have one value along the relation: [`own_values`](Self::own_values), [`their_values`](Self::their_values).
    #[doc(hidden)]
    const HAS_VALUES: bool = false;

    /// Columns of `From`, and the value that each has in a row with related rows.
    #[doc(hidden)]
    fn own_values() -> Vec<FixedValue> {
        Vec::new()
    }

    /// Columns of `To`, and the value that each has in every related row.
    #[doc(hidden)]
    fn their_values() -> Vec<FixedValue> {
        Vec::new()
    }
}

/// A column that has one value along a relation.
pub type FixedValue = (&'static str, Node);

/// Pairs of columns that are equal.
pub type Keys = &'static [(&'static str, &'static str)];

/// A join table between two tables.
#[derive(Debug)]
pub struct Through {
    /// The join table.
    pub table: &'static crate::schema::Table,
    /// Its name in a query.
    pub name: &'static str,
    /// What only Rust knows of its columns.
    pub fields: &'static [super::node::Field],
    /// Pairs of columns that are equal: the one of the related table, the one of the join table.
    pub keys: Keys,
}

/// The scope of a relation without a join table.
pub type ScopeOf<To> = (Required<To>,);

/// The scope of a relation with a join table.
pub type ThroughScope<To, Join> = (Required<To>, Required<Join>);

/// How many related rows a relation gives.
pub trait Kind {
    /// What holds rows of type `T`.
    type Of<T>;
    /// How many there are when some may be left out: a filter leaves none where one was required.
    type Filtered: Kind;
    /// [`Many`] or [`AtMostOne`].
    type Shape;
    /// How they are read.
    const CARDINALITY: Cardinality;
    #[doc(hidden)]
    fn of_rows<T>(rows: Vec<T>) -> Option<Self::Of<T>>;
}

/// Any number of rows: `Vec<T>`.
pub enum ToMany {}
/// Exactly one row: the foreign key is NOT NULL.
pub enum ToOne {}
/// One row or none: the foreign key is nullable.
pub enum ToOptional {}

pub(crate) use crate::types::nested::{AtMostOne, Many};

impl Kind for ToMany {
    type Of<T> = Vec<T>;
    type Filtered = Self;
    type Shape = Many;
    const CARDINALITY: Cardinality = Cardinality::Many;

    fn of_rows<T>(rows: Vec<T>) -> Option<Vec<T>> {
        Some(rows)
    }
}

impl Kind for ToOne {
    type Of<T> = T;
    type Filtered = ToOptional;
    type Shape = AtMostOne;
    const CARDINALITY: Cardinality = Cardinality::One;

    fn of_rows<T>(mut rows: Vec<T>) -> Option<T> {
        rows.pop()
    }
}

impl Kind for ToOptional {
    type Of<T> = Option<T>;
    type Filtered = Self;
    type Shape = AtMostOne;
    const CARDINALITY: Cardinality = Cardinality::One;

    fn of_rows<T>(mut rows: Vec<T>) -> Option<Option<T>> {
        Some(rows.pop())
    }
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
