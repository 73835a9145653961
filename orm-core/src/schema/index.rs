//! Indexes.

use super::{List, Text};
use std::borrow::Cow;

/// `CREATE [UNIQUE] INDEX`, when the index belongs to no constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Index {
    /// The index's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// Whether two rows may not have the same key.
    pub unique: bool,
    /// The access method: `btree`, `hash`, `gist`, `spgist`, `gin`, `brin` or an extension's.
    pub method: Text,
    /// The key, in order.
    pub parts: List<IndexPart>,
    /// The columns of `INCLUDE (..)`.
    pub include: List<Text>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// The condition of a partial index as SQL, without the outer parentheses.
    pub predicate: Option<Text>,
    /// `WITH (..)`, each as `name=value`, sorted.
    pub storage_parameters: List<Text>,
}

impl Index {
    /// A `btree` index over these parts.
    pub const fn btree(
        name: Option<&'static str>,
        unique: bool,
        parts: &'static [IndexPart],
    ) -> Self {
        Self {
            name: match name {
                Some(name) => Some(Cow::Borrowed(name)),
                None => None,
            },
            unique,
            method: Cow::Borrowed("btree"),
            parts: Cow::Borrowed(parts),
            include: Cow::Borrowed(&[]),
            nulls_not_distinct: false,
            predicate: None,
            storage_parameters: Cow::Borrowed(&[]),
        }
    }
}

impl Default for Index {
    fn default() -> Self {
        Self::btree(None, false, &[])
    }
}

/// One element of an index's key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct IndexPart {
    /// What is indexed.
    pub key: IndexKey,
    /// A collation other than the column's, as SQL.
    pub collation: Option<Text>,
    /// An operator class other than the type's default, as SQL.
    pub operator_class: Option<Text>,
    /// `ASC` or `DESC`.
    pub order: SortOrder,
    /// `NULLS FIRST` or `NULLS LAST`; PostgreSQL's default depends on `order`.
    pub nulls: NullsOrder,
}

impl IndexPart {
    /// A column in ascending order, nulls last, with the default collation and operator class.
    pub const fn column(name: &'static str) -> Self {
        Self {
            key: IndexKey::Column(Cow::Borrowed(name)),
            collation: None,
            operator_class: None,
            order: SortOrder::Ascending,
            nulls: NullsOrder::Last,
        }
    }
}

/// What one element of an index's key is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum IndexKey {
    /// A column, by its name.
    Column(Text),
    /// An expression as SQL, without the outer parentheses.
    Expression(Text),
}

/// The direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum SortOrder {
    /// `ASC`.
    #[default]
    Ascending,
    /// `DESC`.
    Descending,
}

/// Where NULLs stand in a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum NullsOrder {
    /// `NULLS FIRST`, the default of `DESC`.
    First,
    /// `NULLS LAST`, the default of `ASC`.
    Last,
}
