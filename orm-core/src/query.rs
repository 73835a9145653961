//! What a query is: typed outside, a tree of [`node::Node`] inside. No SQL text, no I/O.
//!
//! Knows `schema` and `types`. The typed face proves at each clause that what is written can run, then
//! drops the proof: a query keeps one Rust type however many filters it has. Start at [`Table::query`].

mod alias;
mod assignment;
pub(crate) mod column;
mod delete;
mod expr;
pub mod function;
pub(crate) mod insert;
pub mod node;
mod order;
pub(crate) mod relation;
mod returning;
pub mod scope;
mod select;
mod selection;
mod table;
mod update;

pub use alias::{Alias, Aliased};
pub use assignment::{Assign, Assignment, Assignments};
pub use column::{Column, Settable, TableColumn};
pub use delete::Delete;
pub use expr::{Comparable, Expr, IntoValue, Operand};
pub use insert::{Insert, InsertBuilder, Missing, OnConflict, Provided, Set};
pub use node::{ClientValue, Field};
pub use order::{Order, OrderBy};
pub use relation::{Related, Relation, RelationDefinition, RelationOf, ToMany, ToOne, ToOptional};
pub use returning::Returning;
pub use select::{Query, Selected, Whole};
pub use selection::{Selectable, Selection};
pub use table::{NoInsert, Table, Writable};
pub use update::{Filtered, Restricted, Unfiltered, Update};
