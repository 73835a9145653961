//! [`Cost`]: what a step has PostgreSQL read or write of a table that exists.
//!
//! Measured on PostgreSQL 14 to 18; `tests/online/measured.rs` does it again for each kind of change.

use super::table_rewrite::{RewriteContext, is_rewritten_by_type, is_written_by_default};
use crate::change::{Change, ObjectName, Part, What};
use std::fmt;

/// What is read or written of a table, beside the catalog.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// The table.
    pub table: ObjectName,
    /// How much of it.
    pub kind: CostKind,
}

/// How much of a table is read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    /// Some rows are read.
    Sample,
    /// Some rows are written in each batch, under row locks only.
    Batches,
    /// Every row is read.
    Scan,
    /// Every row is read, and some are written.
    Update,
    /// Every row is read, and an index is written.
    IndexBuild,
    /// Every row and every index is written anew.
    Rewrite,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.table;
        match self.kind {
            CostKind::Sample => write!(f, "reads some rows of {table}"),
            CostKind::Batches => write!(f, "writes rows of {table} in batches"),
            CostKind::Scan => write!(f, "reads every row of {table}"),
            CostKind::Update => {
                write!(f, "reads every row of {table} and writes those that differ")
            }
            CostKind::IndexBuild => write!(f, "reads every row of {table} to build an index"),
            CostKind::Rewrite => write!(f, "writes {table} and its indexes anew"),
        }
    }
}

/// The cost of a change with what is `known` of types and functions, in its plain form.
pub(super) fn cost(change: &Change, known: &RewriteContext) -> Option<Cost> {
    let kind = match &change.what {
        What::AddColumn(column) => {
            is_written_by_default(column, known).then_some(CostKind::Rewrite)
        }
        What::AlterColumn { from, to } => {
            if is_rewritten_by_type(from, to, known) {
                Some(CostKind::Rewrite)
            } else {
                (from.nullable && !to.nullable).then_some(CostKind::Scan)
            }
        }
        What::Add(Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_) | Part::Exclusion(_)) => {
            Some(CostKind::IndexBuild)
        }
        What::Add(Part::ForeignKey(key)) => (!key.not_valid).then_some(CostKind::Scan),
        What::Add(Part::Check(check)) => (!check.not_valid).then_some(CostKind::Scan),
        What::AlterPart { from, to } => {
            (from.is_not_valid() && !to.is_not_valid()).then_some(CostKind::Scan)
        }
        What::Storage { from, to } => (from.unlogged != to.unlogged).then_some(CostKind::Rewrite),
        What::Attach(_) => Some(CostKind::Scan),
        _ => None,
    };
    kind.map(|kind| Cost { table: change.name.clone(), kind })
}
