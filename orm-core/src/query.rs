//! What a query is: typed outside, a tree of nodes inside. No SQL text, no I/O.
//!
//! Knows `schema` and `types`. The typed API proves at each clause that what is written can run, then drops the proof: a
//! query has one Rust type however many filters it has. Start at [`Table::query`].
//!
//! What an expression reads is a type (`reads`); which sources a query has is another (`scope`); a clause compares the
//! two. `grouping` says what a grouped query may select. `node` is the erased tree, private to the crate.

mod alias;
mod arithmetic;
mod assignment;
mod by_name;
mod case;
mod changed;
pub(crate) mod column;
mod condition;
mod containers;
pub(crate) mod cte;
mod cursor;
pub(crate) mod custom_function;
mod delete;
pub(crate) mod derived;
pub(crate) mod digits;
mod expr;
mod expression;
mod find;
pub(crate) mod flatten;
pub(crate) mod from_row;
pub mod func;
pub mod geometric;
pub(crate) mod given;
mod group;
pub mod grouping;
mod hstore_operators;
pub(crate) mod insert;
mod join;
#[cfg(feature = "json")]
mod json_operators;
mod keyset;
mod list;
mod load;
mod loaded;
mod lock;
mod ltree_operators;
mod maybe;
mod merge;
mod nested_insert;
mod network_operators;
mod newtype;
pub(crate) mod node;
mod opaque;
pub(crate) mod operand;
mod order;
mod page;
mod parts;
pub(crate) mod patch;
mod placeholder;
mod postgis_operators;
mod range_values;
mod ranges;
pub mod reads;
mod refused;
mod related;
mod related_value;
pub(crate) mod relation;
pub(crate) mod relation_keys;
mod relation_message;
mod returning;
mod row;
pub mod scope;
mod search_operators;
mod select;
mod selection;
pub mod set_operation;
mod source;
mod stored;
mod subquery;
mod table;
mod text_operators;
pub(crate) mod tree;
mod update;
pub(crate) mod utility;
mod value;
mod vector_operators;
mod walk;

pub use alias::{Alias, AliasName, AliasOf, Aliased, RelationOfAlias};
pub use arithmetic::{Arithmetic, Day, Negation, Term};
pub use assignment::{Assign, Assignment, Assignments};
pub use by_name::column_as_text;
pub use case::{Case, EmptyCase};
pub use changed::{Changed, Excluded, New, Old, excluded, new, old};
pub use column::{Column, Overridable, Settable, TableColumn};
pub use condition::{Condition, IntoCondition, Sources, all, any};
pub use containers::{
    ArraySubject, ArrayValue, Concatenate, Container, ContainerOperators, ContainerSubject,
    Entries, EntriesSubject, Overlapping, OverlappingSubject,
};
pub use cte::{CteOf, CteRow, IntoCte, Recursion, recursive};
pub use cursor::{Cursor, IntoCursor};
pub use custom_function::{ArgumentType, OfType};
pub use delete::Delete;
pub use derived::{ColumnsOf, Derived, IntoLateral, SetFunction, values};
pub use expr::Expr;
pub use expression::{Boolean, Expression, TextSubject};
pub use find::{PrimaryKeyValue, PrimaryKeyed};
pub use flatten::{Flatten, FlattenColumn, FlattenReference, Flattened, FlattenedIn};
pub use from_row::{
    FieldSelection, Fills, FromRow, NamedColumns, Pick, Picked, PickedFrom, RowField, RowSource,
    StructQuery, pick,
};
pub use geometric::GeometricOperators;
pub(crate) use given::GivenColumn;
pub use group::{
    Combined, GroupBy, GroupKey, Grouped, GroupingSets, NoSelectList, cube, group_key,
    grouping_sets, rollup,
};
pub use hstore_operators::{HstoreOperators, HstoreSubject};
pub use insert::{
    ColumnOf, ConflictTarget, ConstraintName, Given, Insert, InsertBuilder, InsertColumns,
    InsertInto, Insertable, Missing, OnConflict, Provided, Puts, Set, Upsert, constraint,
};
pub(crate) use insert::{Values, made_by_client, of_built as insert_of_built};
pub use join::JoinOn;
pub(crate) use join::have;
#[cfg(feature = "json")]
pub use json_operators::{JsonKey, JsonOperators, JsonSubject, KeyType};
pub use list::{Element, List};
pub use load::{Load, Loadable, Step, Steps, TheseRows, ThisRow, load, load_one};
pub(crate) use load::{LoadQuery, query as load_query};
pub use loaded::{Attach, Held, Loading, NoRelation, NotLoaded, RowWith, with_or_none};
pub use lock::{RowLock, for_key_share, for_no_key_update, for_share, for_update};
pub use ltree_operators::{LtreeOperators, LtreeSubject};
pub use maybe::Maybe;
pub use merge::{Matched, Merge, MergeInto, NotMatched, NotMatchedBySource, When, merge};
pub use nested_insert::keys::{
    Carries, GivenBy, GivesColumns, JoinTable, KeySide, LeftOut, LeftOutAlong, LinksRows, OwnKey,
    ProvidedWith, References, RelatedTable, Side, TheirColumns, TheirKey, WrittenRelation,
};
pub use nested_insert::linked::{InsertOf, LinkChange, OfRow, ReturningOf};
pub(crate) use nested_insert::linked::{Key as LinkKey, KeyValue, Linking};
pub(crate) use nested_insert::tree::{
    AnyRow, Level, LevelRows, LevelWrite, Link, Through as LinkThrough, Written,
};
pub use nested_insert::{
    ConnectAlong, InsertAlong, InsertRow, InsertTree, InsertTrees, ReturningTree, RowsAlong,
    WrittenWith,
};
pub use network_operators::{NetworkOperators, NetworkSubject, NetworkType};
pub use newtype::InnerOf;
pub use opaque::{Opaque, Typed};
pub use operand::{Comparable, Computed, Fits, IntoValue, Operand, Subject};
pub use order::{Order, OrderBy, SortKey};
pub use page::{Page, Paged};
pub use parts::{Common, Part, Whole};
pub use patch::{Keyed, Patch};
pub use placeholder::{
    Argument, Arguments, Changes, Placeholder, Preparable, Prepared, PreparedBy, RowCount, prepare,
};
pub(crate) use placeholder::{Given as GivenParam, Text as PreparedText};
pub use postgis_operators::{PostgisOperators, SpatialSubject};
pub use ranges::{RangeOperators, RangeSubject, RangeType, RangeValue, Ranged};
pub use related::{IntoRelated, Related, Relation, RelationOf};
pub(crate) use relation::Keys;
pub use relation::{FixedValue, RelationDefinition, ToMany, ToOne, ToOptional};
pub use returning::Returning;
pub use row::{LikeRow, RowList, RowValue, RowValues};
pub use search_operators::WordsSubject;
pub use select::{AsStruct, Copyable, Loaded, Query, Selected, WholeRows};
pub use selection::{Selectable, Selection};
pub use set_operation::{Position, position};
pub use source::{IntoSource, NamesSource, from};
pub use subquery::{
    AnyQuery, Quantified, Subquery, all_of, any_of, array_of, exists, not_exists, scalar,
};
pub use table::{ColumnSet, NoInsert, Table, Writable, row_or_none};
pub use text_operators::{Collation, Matchable, MatchedSubject, Pattern, TextOperators};
pub use tree::{PartField, RefinedPart, RefinedRows, RowsField, TreeField};
pub(crate) use update::add_client_values;
pub use update::{Filtered, Restricted, Unfiltered, Update};
pub use utility::{Materialized, Refresh, Tables, Truncate, refresh, truncate};
pub use value::IntoExpression;
pub use vector_operators::{BitsSubject, VectorOperators, VectorSubject, VectorType};
