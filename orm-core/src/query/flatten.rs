//! [`Flatten`]: a struct whose fields are columns of the tables that hold it.

use super::assignment::Assignment;
use super::column::{Declared, SqlOf, TableColumn};
use super::from_row::FromRow;
use super::node::{Node, Output};
use super::reads::RowOf;
use super::scope::{Nullness, PartOf, Source};
use super::{Column, Table};
use crate::types::cells::DecodeOptional;
use crate::types::{OfSqlType, Parameter, Value};
use std::marker::PhantomData;

/// A struct whose fields are columns of each table that has it as a field with `#[column(flatten)]`. Implemented by
/// `#[derive(Columns)]`.
pub trait Flatten: FromRow + DecodeOptional + 'static {
    /// The values of its columns, as a tuple.
    type Values;
    #[doc(hidden)]
    fn into_values(self) -> Self::Values;
    #[doc(hidden)]
    fn value_at(&self, at: usize) -> Option<&dyn Parameter>;
}

/// The column at a position of a struct with `#[derive(Columns)]`: what the attributes of a field say in Rust, so that it
/// means the same in the module of any table.
pub trait FlattenColumn<const AT: usize> {
    /// The Rust type of the field.
    type Value: Value;
    /// The default, as SQL.
    const DEFAULT: Option<&'static str> = None;

    /// As that of a column.
    const AS_TEXT: Option<&'static str> = <Self::Value as Value>::AS_TEXT;

    /// As that of a column.
    const DECLARED: Declared = None;

    /// What the client sets in the column `C`.
    fn on_update<C: TableColumn<Value = Self::Value>>() -> Node {
        Node::Default
    }

    /// What the client sets in the column `C` of an insert that leaves it out.
    fn default_fn<C: TableColumn<Value = Self::Value>>() -> Node {
        Node::Default
    }
}

/// What the column at a position of a struct with `#[derive(Columns)]` references.
pub trait FlattenReference<const AT: usize> {
    /// The table.
    type To: Table;
    /// The name of its column.
    const COLUMN: &'static str;
}

/// A field of a table that is a struct of columns, as a type. Implemented by `#[derive(Table)]`.
pub trait FlattenedIn: 'static {
    /// The table.
    type Source: Source;
    /// The struct.
    type Columns: Flatten;
    /// The names of its columns in the table.
    const NAMES: &'static [&'static str];
    #[doc(hidden)]
    fn assigned(value: Self::Columns) -> Vec<(&'static str, Node)>;
}

/// The handle of a struct of columns in a table, `User::address`: to select them, or to set them all.
///
/// ```
/// use orm::prelude::*;
/// #[derive(Columns, Debug, Clone, PartialEq)]
/// struct Address {
///     street: String,
///     city: String,
/// }
/// #[derive(Table, Debug)]
/// struct Customer {
///     #[column(primary_key)]
///     id: i64,
///     #[column(flatten, prefix = "billing_")]
///     billing: Address,
/// }
/// let query = Customer::query().filter(Customer::billing_city.eq("Oslo")).select(Customer::billing);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "customer"."billing_street", "customer"."billing_city" FROM "customer" WHERE "customer"."billing_city" = $1"#
/// );
/// ```
pub struct Flattened<F>(PhantomData<fn() -> F>);

impl<F> Clone for Flattened<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Flattened<F> {}

impl<F: FlattenedIn> std::fmt::Debug for Flattened<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.({})", F::Source::SOURCE, F::NAMES.join(", "))
    }
}

impl<F: FlattenedIn> Flattened<F> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);

    /// Sets all columns of the struct, in an update or upsert, but those that only the server sets.
    ///
    /// ```
    /// use orm::prelude::*;
    /// #[derive(Columns, Debug)]
    /// struct Size {
    ///     width: i32,
    ///     height: i32,
    /// }
    /// #[derive(Table, Debug)]
    /// struct Picture {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     #[column(flatten)]
    ///     size: Size,
    /// }
    /// let update = Picture::update().set(Picture::size.set(Size { width: 1, height: 2 })).all_rows();
    /// assert_eq!(update.to_sql(), r#"UPDATE "picture" SET "width" = $1, "height" = $2"#);
    /// ```
    pub fn set(self, value: F::Columns) -> Vec<Assignment<F::Source>> {
        let assigned = F::assigned(value).into_iter();
        assigned.map(|(column, node)| Assignment::new(column, node)).collect()
    }
}

impl<F: FlattenedIn, Scope, Place> super::Selectable<Scope, (Place,)> for Flattened<F>
where
    F::Source: PartOf<Scope, Place>,
{
    type Output = <<F::Source as PartOf<Scope, Place>>::Null as Nullness>::Row<F::Columns>;
    type Reads = RowOf<F::Source>;

    fn append_output(self, outputs: &mut Vec<Output>) {
        let source = F::Source::SOURCE;
        let column = |column: &&'static str| Output::Node(Node::Column { source, column });
        outputs.extend(F::NAMES.iter().map(column));
    }
}

/// Checked by the derive for `references = ..` of a field of a struct of columns: both have one SQL type.
pub const fn references_type<V: ReferencesType<B>, B: TableColumn>(_: Column<B>) {}

/// A type whose values can reference a column.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot reference column `{B}`: their types differ",
    label = "this foreign key joins two SQL types"
)]
pub trait ReferencesType<B> {}
#[diagnostic::do_not_recommend]
impl<V: Value + OfSqlType<SqlOf<B>>, B: TableColumn> ReferencesType<B> for V {}
