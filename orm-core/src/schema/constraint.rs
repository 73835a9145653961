//! Constraints: what rows must satisfy.

use super::{List, Text};

/// `PRIMARY KEY (..)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct PrimaryKey {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The columns, in order.
    pub columns: List<Text>,
}

/// `UNIQUE (..)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct Unique {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The columns, in order.
    pub columns: List<Text>,
    /// `NULLS NOT DISTINCT` (PostgreSQL 15): two NULLs are equal.
    pub nulls_not_distinct: bool,
    /// When the constraint is checked.
    pub deferrable: Deferrable,
}

/// `FOREIGN KEY (..) REFERENCES ..`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
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
    /// What happens to the referencing rows when the referenced row is deleted.
    pub on_delete: Action,
    /// What happens to the referencing rows when the referenced key changes.
    pub on_update: Action,
    /// When the constraint is checked.
    pub deferrable: Deferrable,
}

/// `CHECK (..)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct Check {
    /// The constraint's name; `None` until [`names`](super::names) fills it in.
    pub name: Option<Text>,
    /// The condition as SQL, without the outer parentheses.
    pub expression: Text,
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
