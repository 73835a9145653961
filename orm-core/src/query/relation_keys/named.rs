//! What the attributes name: the key of a relation, pairs of columns, a condition.

use crate::query::node::{Cardinality, Node};
use crate::query::operand::{ComparedWith, sent_as};
use crate::query::related::Relation;
use crate::query::relation::{FixedValue, Keys, Kind, RelationDefinition};
use crate::query::scope::Source;
use crate::query::{Column, IntoCondition, IntoValue, Table, TableColumn};
use crate::types::{HasEquality, Value};

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
    /// Whether columns have one value along that relation.
    pub(super) has_values: bool,
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
    #[doc(hidden)]
    const HAS_VALUES: bool;
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
    const HAS_VALUES: bool = false;
}

impl<R: RelationDefinition> NamesKey for Relation<R> {
    const SCHEMA: &'static str = <R::From as Table>::SCHEMA;
    const TABLE: &'static str = <R::From as Table>::NAME;
    const COLUMN: Option<&'static str> = None;
    const RELATION: Option<(Keys, &'static str, &'static str)> =
        Some((R::KEYS, <R::To as Table>::SCHEMA, <R::To as Table>::NAME));
    const IS_TO_ONE: bool =
        matches!(<R::Kind as Kind>::CARDINALITY, Cardinality::One) && R::THROUGH.is_none();
    const HAS_VALUES: bool = R::HAS_VALUES;
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
        has_values: H::HAS_VALUES,
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

/// A column that has this value along a relation.
pub fn fixed<C: TableColumn, V: FixedIn<C>>(_: Column<C>, value: V) -> FixedValue {
    (C::NAME, value.into_fixed())
}

/// The name of a column of the table `T` that has one value along a relation.
pub const fn fixed_column<C, T>(_: Column<C>) -> &'static str
where
    C: TableColumn + RelatedColumn<T>,
{
    C::NAME
}

/// A value that a column can be compared with: of its type, and not NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of column `{C}`",
    label = "not a value of the type of `{C}`",
    note = "`on(..)` of a relation gives a column one value, of the type of its field and not NULL: `on(field = Table::column, kind = \"post\")`"
)]
pub trait FixedIn<C> {
    #[doc(hidden)]
    fn into_fixed(self) -> Node;
}
#[diagnostic::do_not_recommend]
impl<C: TableColumn, V> FixedIn<C> for V
where
    V: IntoValue<<C::Value as Value>::NotNull, Reads = ()>,
    <C::Value as Value>::Sql: HasEquality,
{
    fn into_fixed(self) -> Node {
        sent_as::<C>(self.into_value())
    }
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
