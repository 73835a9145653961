//! The constraints, indexes and other parts of a table, as plain data with spans.

use super::{Action, Name};
use proc_macro2::{Ident, Span};
use syn::Path;

/// A list of fields as a key, perhaps with a name for what it makes.
pub(crate) struct Fields {
    pub(crate) name: Option<Name>,
    pub(crate) fields: Vec<Ident>,
    pub(crate) include: Vec<Ident>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) deferrable: Option<Deferrable>,
    pub(crate) span: Span,
}

impl Fields {
    /// A key of these fields without options.
    pub(crate) fn plain(name: Option<Name>, fields: Vec<Ident>, span: Span) -> Self {
        Self {
            name,
            fields,
            include: Vec::new(),
            nulls_not_distinct: false,
            deferrable: None,
            span,
        }
    }
}

/// `deferrable`.
pub(crate) struct Deferrable {
    /// `initially_deferred`.
    pub(crate) initially_deferred: bool,
    pub(crate) span: Span,
}

/// `index(..)` or `unique_index(..)`.
pub(crate) struct Index {
    pub(crate) name: Option<Name>,
    pub(crate) unique: bool,
    pub(crate) parts: Vec<Part>,
    pub(crate) method: Option<String>,
    pub(crate) include: Vec<Ident>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) predicate: Option<String>,
    /// Each as `name=value`.
    pub(crate) storage_parameters: Vec<String>,
    pub(crate) span: Span,
}

/// One element of an index or exclusion: `created_at desc nulls_last`, `sql("lower(name)") with "="`.
pub(crate) struct Part {
    pub(crate) key: PartKey,
    /// As SQL.
    pub(crate) collation: Option<String>,
    pub(crate) operator_class: Option<String>,
    pub(crate) descending: bool,
    /// Whether NULLs stand first; where it is not said, PostgreSQL decides by the direction.
    pub(crate) nulls_first: Option<bool>,
    /// The operator of an exclusion.
    pub(crate) operator: Option<String>,
    pub(crate) span: Span,
}

/// What is indexed.
pub(crate) enum PartKey {
    Field(Ident),
    Sql(String),
}

/// `foreign_key(..)`.
pub(crate) struct ForeignKey {
    pub(crate) name: Option<Name>,
    pub(crate) fields: Vec<Ident>,
    pub(crate) references: Vec<Path>,
    pub(crate) on_delete: Option<Action>,
    /// `on_delete = set_null(field, ..)`.
    pub(crate) on_delete_fields: Vec<Ident>,
    pub(crate) on_update: Option<Action>,
    pub(crate) match_full: bool,
    pub(crate) deferrable: Option<Deferrable>,
    pub(crate) not_valid: bool,
    pub(crate) relation: Option<Ident>,
    pub(crate) span: Span,
}

/// `check(..)`.
pub(crate) struct Check {
    pub(crate) name: Option<Name>,
    pub(crate) sql: String,
    pub(crate) no_inherit: bool,
    pub(crate) not_valid: bool,
}

/// `exclude(..)`.
pub(crate) struct Exclusion {
    pub(crate) name: Option<Name>,
    pub(crate) method: Option<String>,
    pub(crate) elements: Vec<Part>,
    pub(crate) include: Vec<Ident>,
    pub(crate) predicate: Option<String>,
    pub(crate) deferrable: Option<Deferrable>,
    pub(crate) span: Span,
}

/// `trigger(..)`.
pub(crate) struct Trigger {
    pub(crate) name: Name,
    pub(crate) events: String,
    pub(crate) action: String,
    pub(crate) constraint: bool,
}

/// `row_security`.
pub(crate) struct RowSecurity {
    pub(crate) forced: bool,
}

/// `policy(..)`.
pub(crate) struct Policy {
    pub(crate) name: Name,
    /// The command, by its name in the schema model.
    pub(crate) command: &'static str,
    pub(crate) restrictive: bool,
    pub(crate) roles: Vec<String>,
    pub(crate) using: Option<String>,
    pub(crate) with_check: Option<String>,
}

/// `partition_by = ..`.
pub(crate) struct PartitionBy {
    /// As SQL, where it is that; else the strategy.
    pub(crate) sql: String,
    /// What it is made of, unless `sql` says it all.
    pub(crate) parts: Vec<PartKey>,
    pub(crate) span: Span,
}

/// `partition(..)`.
pub(crate) struct Partition {
    pub(crate) name: Name,
    pub(crate) schema: Option<Name>,
    /// `FOR VALUES ..` or `DEFAULT`.
    pub(crate) bound: String,
    /// Each as `name=value`.
    pub(crate) storage_parameters: Vec<String>,
}

/// `view = ".."` or `materialized_view = ".."`.
pub(crate) struct View {
    pub(crate) query: String,
    pub(crate) materialized: bool,
    pub(crate) span: Span,
}
