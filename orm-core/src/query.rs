//! What a query is: typed outside, a tree of nodes inside. No SQL text, no I/O.
//!
//! Knows `schema` and `types`. The typed API proves at each clause that what is written can run, then drops the proof: a
//! query has one Rust type however many filters it has. Start at [`Table::query`].
//!
//! What an expression reads is a type (`reads`); which sources a query has is another (`scope`); a clause compares the
//! two. `grouping` says what a grouped query may select. `node` is the erased tree, private to the crate.

mod alias;
mod assignment;
mod changed;
pub(crate) mod column;
mod condition;
mod delete;
pub(crate) mod digits;
mod expr;
mod expression;
pub mod func;
mod group;
pub mod grouping;
pub(crate) mod insert;
mod join;
mod list;
mod maybe;
mod merge;
pub(crate) mod node;
mod operand;
mod order;
pub(crate) mod patch;
pub mod reads;
pub(crate) mod relation;
mod returning;
pub mod scope;
mod select;
mod selection;
mod source;
mod subquery;
mod table;
mod update;
pub(crate) mod utility;

pub use alias::{Alias, AliasName, AliasOf, Aliased};
pub use assignment::{Assign, Assignment, Assignments};
pub use changed::{Changed, Excluded, New, Old, excluded, new, old};
pub use column::{Column, Overridable, Settable, TableColumn};
pub use condition::{Condition, IntoCondition, Sources, all, any};
pub use delete::Delete;
pub use expr::Expr;
pub use expression::{Boolean, Expression, TextSubject};
pub use group::{
    Combined, GroupBy, GroupKey, Grouped, GroupingSets, NoSelectList, cube, group_key,
    grouping_sets, rollup,
};
pub use insert::{
    ColumnOf, ConflictTarget, ConstraintName, Given, Insert, InsertBuilder, InsertColumns,
    InsertInto, Insertable, Missing, OnConflict, Provided, Puts, Set, Upsert, constraint,
};
pub use join::JoinOn;
pub use list::{Element, List};
pub use maybe::Maybe;
pub use merge::{Matched, Merge, MergeInto, NotMatched, NotMatchedBySource, When, merge};
pub use operand::{Comparable, Computed, IntoValue, Operand, Subject};
pub use order::{Order, OrderBy, SortKey};
pub use patch::{Keyed, Patch};
pub use relation::{Related, Relation, RelationDefinition, RelationOf, ToMany, ToOne, ToOptional};
pub use returning::Returning;
pub use select::{Loaded, Query, Selected, WholeRows};
pub use selection::{Selectable, Selection};
pub use source::{IntoSource, from};
pub use subquery::{AnyQuery, Subquery, array_of, exists, not_exists, scalar};
pub use table::{ColumnSet, NoInsert, Table, Writable};
pub use update::{Filtered, Restricted, Unfiltered, Update};
pub use utility::{Materialized, Refresh, Tables, Truncate, refresh, truncate};
