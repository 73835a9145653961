//! What a query is: typed outside, a tree of nodes inside. No SQL text, no I/O.
//!
//! Knows `schema` and `types`. The typed API proves at each clause that what is written can run, then drops the proof: a
//! query has one Rust type however many filters it has. Start at [`Table::query`].
//!
//! What an expression reads is a type (`reads`); which sources a query has is another (`scope`); a clause compares the
//! two. `grouping` says what a grouped query may select. `node` is the erased tree, private to the crate.

mod alias;
mod assignment;
pub(crate) mod column;
mod condition;
pub(crate) mod cte;
mod delete;
pub(crate) mod derived;
pub(crate) mod digits;
mod expr;
mod expression;
pub(crate) mod from_row;
pub mod func;
mod group;
pub mod grouping;
pub(crate) mod insert;
mod join;
mod list;
pub(crate) mod node;
mod operand;
mod order;
pub mod reads;
pub(crate) mod relation;
mod returning;
pub mod scope;
mod select;
mod selection;
pub mod set_operation;
mod source;
mod subquery;
mod table;
mod update;

pub use alias::{Alias, AliasName, AliasOf, Aliased, RelationOfAlias};
pub use assignment::{Assign, Assignment, Assignments};
pub use column::{Column, Settable, TableColumn};
pub use condition::{Condition, IntoCondition, Sources, all, any};
pub use cte::{CteOf, IntoCte, Recursion, recursive};
pub use delete::Delete;
pub use derived::{ColumnsOf, Derived, IntoLateral, SetFunction, values};
pub use expr::Expr;
pub use expression::{Boolean, Expression, TextSubject};
pub use from_row::{
    FieldSelection, Fills, FromRow, NamedColumns, Pick, Picked, PickedFrom, RowField, RowSource,
    pick,
};
pub use group::{
    Combined, GroupBy, GroupKey, Grouped, GroupingSets, NoSelectList, cube, group_key,
    grouping_sets, rollup,
};
pub use insert::{Insert, InsertBuilder, Missing, OnConflict, Provided, Set};
pub use join::JoinOn;
pub use list::{Element, List};
pub use operand::{Comparable, Computed, IntoValue, Operand, Subject};
pub use order::{Order, OrderBy, SortKey};
pub use relation::{Related, Relation, RelationDefinition, RelationOf, ToMany, ToOne, ToOptional};
pub use returning::Returning;
pub use select::{Loaded, Query, Selected, WholeRows};
pub use selection::{Selectable, Selection};
pub use set_operation::{Position, position};
pub use source::{IntoSource, NamesSource, from};
pub use subquery::{
    AnyQuery, Quantified, Subquery, all_of, any_of, array_of, exists, not_exists, scalar,
};
pub use table::{ColumnSet, NoInsert, Table, Writable};
pub use update::{Filtered, Restricted, Unfiltered, Update};
