//! [`Column`]: the handle of a column, `User::email`. Its operators are those of [`Expression`].

use super::Table;
use super::alias::Aliased;
use super::assignment::{Assign, Assignment};
use super::changed::Excluded;
use super::expr::Expr;
use super::expression::Expression;
use super::node::Node;
use super::reads::Of;
use super::scope::Source;
use crate::types::{DeclaredType, OfSqlType, Type, Value};
use std::marker::PhantomData;

/// A column, as a type. Implemented by `#[derive(Table)]`, one type for each column.
pub trait TableColumn: 'static {
    /// The table, or the alias through which the column is seen.
    type Source: Source;
    /// The Rust type of the field.
    type Value: Value;
    /// Its position as digits, for the compiler.
    type Position;
    /// The column's name.
    const NAME: &'static str;
    /// Its position in the table.
    const POSITION: usize;

    /// What it is cast to where it is selected: its type is one whose values are read as texts.
    #[doc(hidden)]
    const AS_TEXT: Option<&'static str> = <Self::Value as Value>::AS_TEXT;

    /// The type that it is declared with, where that is another than the one of its Rust type.
    ///
    /// A constant and no method: methods are compiled for each column of each table in a user's crate.
    #[doc(hidden)]
    const DECLARED: Declared = None;
}

/// A column that inserts and updates set: every one that is neither generated nor an `identity` of which the server makes
/// every value. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "only the server sets column `{Self}`",
    label = "a generated column, or an `identity`, is not set",
    note = "an insert sets an `identity` after `.overriding_system_value()`; an update sets it to its default only"
)]
pub trait Settable: TableColumn {}

/// A column that an insert sets where it overrides the values of the server: every one that is not generated. Implemented
/// by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` is generated: only the server sets it",
    label = "a generated column is not set"
)]
pub trait Overridable: TableColumn {}
impl<C: Settable> Overridable for C {}

/// The SQL type of a column.
pub(crate) type SqlOf<C> = <<C as TableColumn>::Value as Value>::Sql;

/// The type that a column is declared with, made when it is asked for.
pub type Declared = Option<fn() -> Option<&'static DeclaredType>>;

/// The type itself.
pub(crate) fn declared(declared: Declared) -> Option<&'static DeclaredType> {
    declared.and_then(|declared| declared())
}

/// What a value of a column is sent as.
pub(crate) fn sent_type<C: TableColumn>() -> Type {
    declared(C::DECLARED).map_or_else(<C::Value as Value>::parameter_type, DeclaredType::ty)
}

/// What an array of values of a column is sent as, where there is one.
pub(crate) fn sent_array_type<C: TableColumn>() -> Option<Type> {
    let array = C::Value::array_type()?;
    Some(declared(C::DECLARED).map_or(array, DeclaredType::array))
}

/// The handle of a column: `User::email`.
///
/// Comparisons take values of the column's SQL type, or expressions of it, and give an [`Expr`]: see [`Expression`].
pub struct Column<C>(PhantomData<fn() -> C>);

impl<C> Clone for Column<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Column<C> {}

impl<C: TableColumn> std::fmt::Debug for Column<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", C::Source::SOURCE, C::NAME)
    }
}

impl<C: TableColumn> Column<C> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);

    /// The column's name in the database.
    pub const fn name(self) -> &'static str {
        C::NAME
    }

    /// The column's position in the table.
    #[doc(hidden)]
    pub const fn position(self) -> usize {
        C::POSITION
    }

    /// The schema of the column's table.
    pub const fn table_schema(self) -> &'static str
    where
        <C::Source as Source>::Row: Table,
    {
        <<C::Source as Source>::Row as Table>::SCHEMA
    }

    /// The name of the column's table.
    pub const fn table_name(self) -> &'static str
    where
        <C::Source as Source>::Row: Table,
    {
        <<C::Source as Source>::Row as Table>::NAME
    }

    /// The column as an expression.
    pub fn expr(self) -> Expr<C::Value, Of<C>> {
        Expr::new(self.node())
    }

    pub(crate) fn node(self) -> Node {
        node(C::Source::IS_KEYWORD, C::Source::SOURCE, C::NAME)
    }

    /// The same column, seen through another source.
    pub(crate) fn through<A: Source>(self) -> Column<Aliased<A, C>> {
        Column(PhantomData)
    }

    /// Sets the column, in an update or upsert: to a value, or to an expression.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let update = User::update().set(User::name.set(User::email)).all_rows();
    /// assert!(update.to_sql().text.starts_with(r#"UPDATE "user" SET "name" = "user"."email""#));
    /// ```
    pub fn set<V: Assign<C>>(self, value: V) -> Assignment<C::Source, V::Reads>
    where
        C: Settable,
    {
        Assignment::new(C::NAME, value.into_assigned())
    }

    /// Sets the column to its default; an `identity` to the next value of its sequence.
    pub fn set_default(self) -> Assignment<C::Source>
    where
        C: Overridable,
    {
        Assignment::new(C::NAME, Node::Default)
    }

    /// Sets the column to the value that the insert proposed, in an upsert: see [`excluded`](super::excluded).
    pub fn set_excluded(self) -> Assignment<C::Source, Of<Aliased<Excluded<C::Source>, C>>>
    where
        C: Settable,
    {
        Assignment::new(C::NAME, Node::ColumnOfRow("excluded", C::NAME))
    }
}

impl<C: TableColumn> Expression for Column<C> {
    type Value = C::Value;
    type Reads = Of<C>;
    type Subject = C;

    fn into_node(self) -> Node {
        node(C::Source::IS_KEYWORD, C::Source::SOURCE, C::NAME)
    }
}

impl<C: TableColumn> std::ops::Not for Column<C>
where
    C::Value: super::expression::Boolean,
{
    type Output = Expr<C::Value, (Of<C>, ())>;

    fn not(self) -> Self::Output {
        Expression::not(self)
    }
}

/// Checked by the derive for `references = ..`: both columns have one SQL type.
pub const fn same_type<A: TableColumn + SameSqlType<B>, B: TableColumn>(
    _: Column<A>,
    _: Column<B>,
) {
}

/// Two columns of one SQL type.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` cannot reference column `{B}`: their types differ",
    label = "this foreign key joins two SQL types"
)]
pub trait SameSqlType<B> {}
#[diagnostic::do_not_recommend]
impl<A: TableColumn, B: TableColumn> SameSqlType<B> for A where A::Value: OfSqlType<SqlOf<B>> {}

fn node(is_keyword: bool, source: &'static str, column: &'static str) -> Node {
    if is_keyword {
        return Node::ColumnOfRow(source, column);
    }
    Node::Column { source, column }
}

/// One type.
pub trait Same<T> {}
impl<T> Same<T> for T {}
