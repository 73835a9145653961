//! The statements that change rows: manual, chapter 6.

use super::{Cte, FromItem, Join, List, Name, Node, Output, Param, Select};
use crate::schema;
use smallvec::SmallVec;
use std::sync::Arc;

/// The table that a statement changes, and its name in the statement.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The table.
    pub table: &'static schema::Table,
    /// Its name: the table's own, or an alias.
    pub name: &'static str,
}

/// Columns of a table, as positions in it. A few need no allocation.
pub(crate) type Positions = SmallVec<[usize; 8]>;

/// Columns, and what they are set to.
pub type Assigned = List<(&'static str, Node)>;

/// Where the rows of an insert come from.
#[derive(Debug, Clone)]
pub enum InsertRows {
    /// `VALUES`: a value for each column; no row inserts nothing.
    Values(List<Vec<Node>>),
    /// A select that gives a value for each column.
    Select(Box<Select>),
    /// `SELECT unnest(..), ..`: for each column an array of its values, or what is the same in each row; how many rows.
    Unnest(Vec<Node>, usize),
    /// As `Unnest`, where columns have array types: their elements are one array, and are put together again for each row.
    Regrouped(Vec<RowsOfColumn>, Param, usize),
}

/// The values of one column for many rows.
#[derive(Debug, Clone)]
pub enum RowsOfColumn {
    /// An array of them, or what is the same in each row.
    One(Node),
    /// Arrays.
    Arrays {
        /// The elements of all.
        elements: Param,
        /// For each element the number of its row, from 1 on: a shared parameter, for it is read twice.
        rows: Node,
        /// For each row whether it has an array.
        given: Param,
    },
}

/// The values that are given for an `identity` count for nothing.
pub(crate) const OVERRIDING_USER_VALUE: &str = " OVERRIDING USER VALUE";

/// An insert.
#[derive(Debug, Clone)]
pub struct InsertNode {
    /// Common table expressions that are named although no source reads them.
    pub with: Vec<Arc<Cte>>,
    /// The table.
    pub target: Target,
    /// The columns that get values.
    pub columns: Positions,
    /// The rows.
    pub rows: InsertRows,
    /// `OVERRIDING SYSTEM VALUE` or `OVERRIDING USER VALUE`.
    pub overriding: Option<&'static str>,
    /// `ON CONFLICT`.
    pub conflict: Option<Conflict>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
    /// A column that nothing gives a value: that its `default_fn` makes, which is not called for the rows of a query.
    pub not_made: Option<&'static str>,
}

/// What decides whether a row of an insert is in conflict.
#[derive(Debug, Clone)]
pub enum ConflictTarget {
    /// Any unique index.
    Any,
    /// The unique index over these columns; `WHERE` of a partial one.
    Columns(List<Node>, Vec<Node>),
    /// A constraint by name.
    Constraint(Name),
}

/// `ON CONFLICT`.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// What decides.
    pub target: ConflictTarget,
    /// `DO UPDATE`; none is `DO NOTHING`.
    pub update: Option<ConflictUpdate>,
}

/// `DO UPDATE SET .. WHERE ..`.
#[derive(Debug, Clone)]
pub struct ConflictUpdate {
    /// `SET`; a list without assignments cannot be run.
    pub set: Assigned,
    /// `WHERE`: all must hold.
    pub filters: Vec<Node>,
}

/// An update.
#[derive(Debug, Clone)]
pub struct UpdateNode {
    /// Common table expressions that are named although no source reads them.
    pub with: Vec<Arc<Cte>>,
    /// The table.
    pub target: Target,
    /// `SET`.
    pub set: Assigned,
    /// `FROM`, the first, and what is joined to it.
    pub from: Vec<FromItem>,
    /// Joins after `FROM`.
    pub joins: Vec<Join>,
    /// `WHERE`: all must hold.
    pub filters: List<Node>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
    /// It changes the rows of an empty list: none.
    pub is_empty: bool,
}

/// A delete.
#[derive(Debug, Clone)]
pub struct DeleteNode {
    /// Common table expressions that are named although no source reads them.
    pub with: Vec<Arc<Cte>>,
    /// The table.
    pub target: Target,
    /// `USING`, and what is joined to it.
    pub using: Vec<FromItem>,
    /// Joins after `USING`.
    pub joins: Vec<Join>,
    /// `WHERE`: all must hold.
    pub filters: List<Node>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
}

/// A merge.
#[derive(Debug, Clone)]
pub struct MergeNode {
    /// Common table expressions that are named although no source reads them.
    pub with: Vec<Arc<Cte>>,
    /// The table.
    pub target: Target,
    /// `USING`.
    pub source: FromItem,
    /// `ON`.
    pub on: Node,
    /// The `WHEN` clauses.
    pub when: Vec<MergeWhen>,
    /// `RETURNING`; empty is nothing.
    pub returning: Vec<Output>,
    /// As that of an insert.
    pub not_made: Option<&'static str>,
}

/// A `WHEN` clause of a merge.
#[derive(Debug, Clone)]
pub struct MergeWhen {
    /// `MATCHED`, `NOT MATCHED` or `NOT MATCHED BY SOURCE`.
    pub when: &'static str,
    /// `AND`: all must hold.
    pub filters: Vec<Node>,
    /// `THEN`.
    pub action: MergeAction,
}

/// What a merge does with a row.
#[derive(Debug, Clone)]
pub enum MergeAction {
    /// `INSERT (..) VALUES (..)`; no column is `DEFAULT VALUES`.
    Insert(Assigned),
    /// `UPDATE SET ..`.
    Update(Assigned),
    /// `DELETE`.
    Delete,
    /// `DO NOTHING`.
    Nothing,
}
