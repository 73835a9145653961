//! Constraints: what rows must satisfy.

use super::{IndexPart, List, Text};

/// `PRIMARY KEY (..)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct PrimaryKey {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The columns, in order.
    pub columns: List<Text>,
    /// The columns of `INCLUDE (..)`.
    pub include: List<Text>,
    /// When the constraint is checked.
    pub deferrable: Deferrable,
}

/// `UNIQUE (..)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Unique {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The columns, in order.
    pub columns: List<Text>,
    /// The columns of `INCLUDE (..)`.
    pub include: List<Text>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15): two NULLs are equal.
    pub nulls_not_distinct: bool,
    /// When the constraint is checked.
    pub deferrable: Deferrable,
}

/// `FOREIGN KEY (..) REFERENCES ..`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct ForeignKey {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The referencing columns, in order.
    pub columns: List<Text>,
    /// The schema of the referenced table.
    pub references_schema: Text,
    /// The referenced table.
    pub references_table: Text,
    /// The referenced columns, in the order of `columns`.
    pub references_columns: List<Text>,
    /// `MATCH FULL`: all of the columns are NULL, or none.
    pub match_full: bool,
    /// What happens to the referencing rows when the referenced row is deleted.
    pub on_delete: Action,
    /// The columns that `ON DELETE SET NULL (..)` or `SET DEFAULT (..)` sets (PostgreSQL 15); none means all.
    pub on_delete_columns: List<Text>,
    /// What happens to the referencing rows when the referenced key changes.
    pub on_update: Action,
    /// When the constraint is checked.
    pub deferrable: Deferrable,
    /// `NOT VALID`: rows that were there before are not checked.
    pub not_valid: bool,
    /// The index of the referenced table that the server chose for it; only a catalog tells it.
    #[cfg_attr(feature = "schema-json", serde(skip))]
    pub index: ReferencedIndex,
}

/// The name of the index by which a foreign key finds the referenced row (`pg_constraint.conindid`).
///
/// It cannot be declared, so any two are equal: foreign keys that differ in nothing else are the same.
///
/// ```
/// use orm_core::schema::ReferencedIndex;
/// assert_eq!(ReferencedIndex::named("user_pkey"), ReferencedIndex::UNKNOWN);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ReferencedIndex(Option<Text>);

impl ReferencedIndex {
    /// That of a foreign key which no catalog has told of.
    pub const UNKNOWN: Self = Self(None);

    /// The index of that name.
    pub fn named(name: impl Into<Text>) -> Self {
        Self(Some(name.into()))
    }

    /// Its name, if it is known.
    pub fn name(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl PartialEq for ReferencedIndex {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ReferencedIndex {}

/// `CHECK (..)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Check {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The condition as SQL, without the outer parentheses.
    pub expression: Text,
    /// `NO INHERIT`: children of the table need not satisfy it.
    pub no_inherit: bool,
    /// `NOT VALID`: rows that were there before are not checked.
    pub not_valid: bool,
}

/// `EXCLUDE (..)`: no two rows for which every operator holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Exclusion {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The access method of its index: mostly `gist`.
    pub method: Text,
    /// What is compared, and how.
    pub elements: List<ExclusionElement>,
    /// The columns of `INCLUDE (..)`.
    pub include: List<Text>,
    /// The rows it is about as SQL, without the outer parentheses.
    pub predicate: Option<Text>,
    /// When the constraint is checked.
    pub deferrable: Deferrable,
}

/// One element of an exclusion constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct ExclusionElement {
    /// What is compared.
    pub part: IndexPart,
    /// The operator as SQL: `=`, `&&`, `OPERATOR(public.=)`.
    pub operator: Text,
}

/// A referential action: PostgreSQL manual, section 5.4.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum Action {
    /// `NO ACTION`: an error at the end of the statement, or later if deferred.
    #[default]
    NoAction,
    /// `RESTRICT`: an error at once.
    Restrict,
    /// `CASCADE`: delete or change the referencing rows too.
    Cascade,
    /// `SET NULL`.
    SetNull,
    /// `SET DEFAULT`.
    SetDefault,
}

/// When a constraint is checked: PostgreSQL manual, `SET CONSTRAINTS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum Deferrable {
    /// `NOT DEFERRABLE`: after every statement.
    #[default]
    No,
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    InitiallyImmediate,
    /// `DEFERRABLE INITIALLY DEFERRED`: at commit.
    InitiallyDeferred,
}
