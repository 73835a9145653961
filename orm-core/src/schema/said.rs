//! What is said of the parts of a table and declared by nobody.

use super::Text;

/// A comment on a part of a table, a right on a column, or a state: a catalog says it, so that what is made again has it
/// again. It is not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The schema of the table.
    pub schema: Text,
    /// The table.
    pub table: Text,
    /// What is said.
    pub kind: SaidOf,
    /// The name of the column, constraint, index, trigger or policy.
    pub part: Text,
    /// The statement that says it.
    pub statement: Text,
}

/// What is said, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidOf {
    /// A right on a column.
    Column,
    /// The comment on a constraint.
    Constraint,
    /// The comment on an index, also on that of a constraint.
    Index,
    /// The comment on a trigger.
    Trigger,
    /// The comment on a policy.
    Policy,
    /// When a trigger fires, where that is not always.
    Firing,
    /// The index that tells rows apart for subscribers.
    Identity,
    /// The index by which the table is clustered.
    Cluster,
}
