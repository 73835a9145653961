//! What the attributes name: the key of a relation, pairs of columns, a condition.

use crate::query::node::{Cardinality, Node};
use crate::query::operand::ComparedWith;
use crate::query::related::Relation;
use crate::query::relation::{Keys, Kind, RelationDefinition};
use crate::query::scope::Source;
use crate::query::{Column, IntoCondition, Table, TableColumn};
use crate::types::Value;

/// The key that a relation names: `Post::author_id`, or `Post::author`.
#[derive(Clone, Copy, Debug)]
pub struct PickedKey {
    pub(super) schema: &'static str,
    pub(super) table: &'static str,
    /// As it is written.
    pub(super) name: &'static str,
    pub(super) column: Option<&'static str>,
    /// Its columns, and the schema and name of the table that it leads to.
    pub(super) relation: Option<(Keys, &'static str, &'static str)>,
    pub(super) is_to_one: bool,
}

/// A column or a relation, which names a key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a column of a table nor a relation",
    label = "names no foreign key"
)]
pub trait NamesKey {
    #[doc(hidden)]
    const SCHEMA: &'static str;
    #[doc(hidden)]
    const TABLE: &'static str;
    #[doc(hidden)]
    const COLUMN: Option<&'static str>;
    #[doc(hidden)]
    const RELATION: Option<(Keys, &'static str, &'static str)>;
    #[doc(hidden)]
    const IS_TO_ONE: bool;
}

impl<C: TableColumn> NamesKey for Column<C>
where
    <C::Source as Source>::Row: Table,
{
    const SCHEMA: &'static str = <<C::Source as Source>::Row as Table>::SCHEMA;
    const TABLE: &'static str = <<C::Source as Source>::Row as Table>::NAME;
    const COLUMN: Option<&'static str> = Some(C::NAME);
    const RELATION: Option<(Keys, &'static str, &'static str)> = None;
    const IS_TO_ONE: bool = true;
}

impl<R: RelationDefinition> NamesKey for Relation<R> {
    const SCHEMA: &'static str = <R::From as Table>::SCHEMA;
    const TABLE: &'static str = <R::From as Table>::NAME;
    const COLUMN: Option<&'static str> = None;
    const RELATION: Option<(Keys, &'static str, &'static str)> =
        Some((R::KEYS, <R::To as Table>::SCHEMA, <R::To as Table>::NAME));
    const IS_TO_ONE: bool =
        matches!(<R::Kind as Kind>::CARDINALITY, Cardinality::One) && R::THROUGH.is_none();
}

/// The key of that column or relation, which is written so.
pub const fn picked_key<H: NamesKey + Copy>(_: H, name: &'static str) -> Option<PickedKey> {
    Some(PickedKey {
        schema: H::SCHEMA,
        table: H::TABLE,
        name,
        column: H::COLUMN,
        relation: H::RELATION,
        is_to_one: H::IS_TO_ONE,
    })
}

/// Two columns that are equal along a relation to the table `T`.
pub const fn paired<A, B, T>(_: Column<A>, _: Column<B>) -> (&'static str, &'static str)
where
    A: TableColumn + PairsWith<B>,
    B: TableColumn + RelatedColumn<T>,
{
    (A::NAME, B::NAME)
}

/// PostgreSQL compares the column `Self` with the column `Other`.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` cannot be equal to column `{Other}`: PostgreSQL does not compare their types",
    label = "a relation pairs columns of types that are compared"
)]
pub trait PairsWith<Other> {}
#[diagnostic::do_not_recommend]
impl<A: TableColumn, B: TableColumn> PairsWith<B> for A where
    <A::Value as Value>::Sql: ComparedWith<<B::Value as Value>::Sql>
{
}

/// `Self` is a column of the table `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of the related table `{T}`",
    label = "not a column of `{T}`",
    note = "`on(..)` pairs a field of this table with a column of the related one: `on(field = {T}::column)`"
)]
pub trait RelatedColumn<T> {}
#[diagnostic::do_not_recommend]
impl<C: TableColumn<Source = T>, T> RelatedColumn<T> for C {}

/// The condition of a relation.
pub fn condition_of<Scope, Place, C: IntoCondition<Scope, Place>>(condition: C) -> Option<Node> {
    condition.into_condition()
}
