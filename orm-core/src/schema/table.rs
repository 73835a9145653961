//! Tables and their columns.

use super::{
    Check, Exclusion, ForeignKey, Index, List, Policy, PrimaryKey, SequenceOptions, Text, Trigger,
    Unique,
};
use std::borrow::Cow;

/// A table: its columns, constraints and indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Table {
    /// The PostgreSQL schema (namespace) that holds the table.
    pub schema: Text,
    /// The table's name, unquoted.
    pub name: Text,
    /// The columns, in order.
    pub columns: List<Column>,
    /// The primary key, if any.
    pub primary_key: Option<PrimaryKey>,
    /// The unique constraints.
    pub uniques: List<Unique>,
    /// The foreign keys.
    pub foreign_keys: List<ForeignKey>,
    /// The check constraints.
    pub checks: List<Check>,
    /// The exclusion constraints.
    pub exclusions: List<Exclusion>,
    /// The indexes that belong to no constraint.
    pub indexes: List<Index>,
    /// The triggers that people made.
    pub triggers: List<Trigger>,
    /// `ENABLE ROW LEVEL SECURITY`: rows are seen through the policies.
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`: also by the owner.
    pub force_row_security: bool,
    /// The policies of row security.
    pub policies: List<Policy>,
    /// `PARTITION BY ..`: what stands behind these words, such as `RANGE (created_at)`.
    pub partition_by: Option<Text>,
    /// The table that this one is a partition of. Its columns and constraints are those of that table.
    pub partition_of: Option<PartitionOf>,
    /// `UNLOGGED`: fast, and empty after a crash.
    pub unlogged: bool,
    /// `WITH (..)`, each as `name=value`, sorted.
    pub storage_parameters: List<Text>,
    /// `COMMENT ON TABLE`.
    pub comment: Option<Text>,
}

/// `PARTITION OF ..`: PostgreSQL manual, section 5.11.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct PartitionOf {
    /// The schema of the partitioned table.
    pub schema: Text,
    /// The partitioned table.
    pub table: Text,
    /// The rows it takes: `FOR VALUES FROM (1) TO (10)`, `DEFAULT`.
    pub bound: Text,
}

impl Table {
    /// A table without columns.
    ///
    /// ```
    /// assert_eq!(orm_core::schema::Table::new("public", "user").name, "user");
    /// ```
    pub const fn new(schema: &'static str, name: &'static str) -> Self {
        Self {
            schema: Cow::Borrowed(schema),
            name: Cow::Borrowed(name),
            columns: Cow::Borrowed(&[]),
            primary_key: None,
            uniques: Cow::Borrowed(&[]),
            foreign_keys: Cow::Borrowed(&[]),
            checks: Cow::Borrowed(&[]),
            exclusions: Cow::Borrowed(&[]),
            indexes: Cow::Borrowed(&[]),
            triggers: Cow::Borrowed(&[]),
            row_security: false,
            force_row_security: false,
            policies: Cow::Borrowed(&[]),
            partition_by: None,
            partition_of: None,
            unlogged: false,
            storage_parameters: Cow::Borrowed(&[]),
            comment: None,
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct Column {
    /// The column's name, unquoted.
    pub name: Text,
    /// The type as SQL. A catalog spells it as `format_type` does with an empty `search_path`
    /// (`timestamp with time zone`, `character varying(20)`, `public.mood`).
    pub data_type: Text,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// The default as an SQL expression.
    pub default: Option<Text>,
    /// `GENERATED .. AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (..)`.
    pub generated: Option<Generated>,
    /// A collation other than the type's own, as SQL (`"C"`, `public."de"`).
    pub collation: Option<Text>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Text>,
    /// The sequence of a `serial` or identity column.
    #[cfg_attr(feature = "schema-json", serde(skip_serializing_if = "ColumnSequence::is_default"))]
    pub sequence: ColumnSequence,
}

/// The sequence of a `serial` or identity column, where it is not as PostgreSQL makes it. It cannot be declared with a
/// column: one that a database has agrees with what is declared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct ColumnSequence {
    /// Another name than [`names::sequence`](super::names::sequence); its schema is that of the table.
    pub name: Option<Text>,
    /// Whether it is logged, where its table is not, or the other way around (PostgreSQL 15).
    pub logged: Option<bool>,
    /// The type of its numbers, where that is not the type of a `serial` column.
    pub data_type: Option<Text>,
    /// The options of the sequence of a `serial` column; those of an identity are in [`Identity`].
    pub options: SequenceOptions,
}

impl ColumnSequence {
    /// As PostgreSQL makes it.
    pub const DEFAULT: Self =
        Self { name: None, logged: None, data_type: None, options: SequenceOptions::DEFAULT };

    /// Whether it is as PostgreSQL makes it.
    ///
    /// ```
    /// assert!(orm_core::schema::ColumnSequence::DEFAULT.is_default());
    /// ```
    pub fn is_default(&self) -> bool {
        *self == Self::DEFAULT
    }
}

impl Column {
    /// A NOT NULL column without default.
    ///
    /// ```
    /// assert!(!orm_core::schema::Column::new("id", "text").nullable);
    /// ```
    pub const fn new(name: &'static str, data_type: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            data_type: Cow::Borrowed(data_type),
            nullable: false,
            default: None,
            identity: None,
            generated: None,
            collation: None,
            comment: None,
            sequence: ColumnSequence::DEFAULT,
        }
    }
}

/// `GENERATED ALWAYS AS (..) { STORED | VIRTUAL }`: PostgreSQL manual, section 5.3.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct Generated {
    /// The expression as SQL, without the outer parentheses.
    pub expression: Text,
    /// Whether its values are kept.
    pub kind: GeneratedKind,
}

impl Generated {
    /// A column whose values are kept.
    pub fn stored(expression: impl Into<Text>) -> Self {
        Self { expression: expression.into(), kind: GeneratedKind::Stored }
    }
}

/// Whether the values of a generated column are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum GeneratedKind {
    /// `STORED`: written with the row.
    #[default]
    Stored,
    /// `VIRTUAL` (PostgreSQL 18): made when it is read.
    Virtual,
}

/// `GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub struct Identity {
    /// Whether an insert may give its own value.
    pub kind: IdentityKind,
    /// The options of its sequence.
    #[cfg_attr(feature = "schema-json", serde(default))]
    pub sequence: SequenceOptions,
}

impl Identity {
    /// An identity whose sequence has PostgreSQL's defaults.
    pub const fn new(kind: IdentityKind) -> Self {
        Self { kind, sequence: SequenceOptions::DEFAULT }
    }
}

/// Whether an insert may give its own value for an identity column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema-json", derive(serde::Serialize, serde::Deserialize))]
pub enum IdentityKind {
    /// `GENERATED ALWAYS`: only with `OVERRIDING SYSTEM VALUE`.
    Always,
    /// `GENERATED BY DEFAULT`: a value that is given wins.
    ByDefault,
}
