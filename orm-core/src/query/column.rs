//! [`Column`]: the handle of a column, `User::email`, and what can be said with it.

use super::Table;
use super::alias::{Alias, Aliased};
use super::assignment::{Assign, Assignment};
use super::expr::{Comparable, Expr};
use super::node::Node;
use super::order::Order;
use super::scope::{Of, Source};
use crate::schema::SortOrder;
use crate::types::{OfSqlType, Text, Value};
use std::marker::PhantomData;

/// A column, as a type. Implemented by `#[derive(Table)]`, one type for each column.
pub trait TableColumn: 'static {
    /// The table, or the alias through which the column is seen.
    type Source: Source;
    /// The Rust type of the field.
    type Value: Value;
    /// The column's name.
    const NAME: &'static str;
    /// Its place in the table.
    const POSITION: usize;
}

/// A column that inserts and updates set: every one that is not generated. Implemented by `#[derive(Table)]`.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` is generated: only the server sets it",
    label = "a generated column is not set"
)]
pub trait Settable: TableColumn {}

/// The SQL type of a column.
pub(crate) type SqlOf<C> = <<C as TableColumn>::Value as Value>::Sql;

/// The handle of a column: `User::email`.
///
/// Comparisons take values of the column's SQL type, or expressions of it, and give an [`Expr`].
pub struct Column<C>(PhantomData<fn() -> C>);

impl<C> Clone for Column<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Column<C> {}

impl<C: TableColumn> std::fmt::Debug for Column<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", C::Source::SOURCE.name, C::NAME)
    }
}

impl<C: TableColumn> Column<C> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);

    /// The column's name in the database.
    pub const fn name(self) -> &'static str {
        C::NAME
    }

    /// The schema of the column's table.
    pub const fn table_schema(self) -> &'static str {
        <<C::Source as Source>::Row as Table>::SCHEMA
    }

    /// The name of the column's table.
    pub const fn table_name(self) -> &'static str {
        <<C::Source as Source>::Row as Table>::NAME
    }

    /// The column as an expression.
    pub fn expr(self) -> Expr<C::Value, Of<C::Source>> {
        Expr::new(self.node())
    }

    pub(crate) fn node(self) -> Node {
        Node::Column { source: C::Source::SOURCE.name, column: C::NAME }
    }

    /// The same column, seen through an alias of its table.
    pub(crate) fn through<A: Alias<Row = C::Source>>(self) -> Column<Aliased<A, C>>
    where
        C::Source: Table,
    {
        Column(PhantomData)
    }

    fn compare<V: Comparable<C>>(
        self,
        op: &'static str,
        value: V,
    ) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        Expr::new(Node::Binary(Box::new(self.node()), op, Box::new(value.into_comparable())))
    }

    /// `=`. NULL equals nothing: see [`is_null`](Self::is_null).
    pub fn eq<V: Comparable<C>>(self, value: V) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        self.compare("=", value)
    }

    /// `<>`. NULL differs from nothing: see [`is_distinct_from`](Self::is_distinct_from).
    pub fn ne<V: Comparable<C>>(self, value: V) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        self.compare("<>", value)
    }

    /// `<`.
    pub fn lt<V: Comparable<C>>(self, value: V) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        self.compare("<", value)
    }

    /// `<=`.
    pub fn le<V: Comparable<C>>(self, value: V) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        self.compare("<=", value)
    }

    /// `>`.
    pub fn gt<V: Comparable<C>>(self, value: V) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        self.compare(">", value)
    }

    /// `>=`.
    pub fn ge<V: Comparable<C>>(self, value: V) -> Expr<bool, (Of<C::Source>, V::Sources)> {
        self.compare(">=", value)
    }

    /// From the one value to the other, both included.
    pub fn between<L: Comparable<C>, H: Comparable<C>>(
        self,
        low: L,
        high: H,
    ) -> Expr<bool, ((Of<C::Source>, L::Sources), (Of<C::Source>, H::Sources))> {
        self.ge(low).and(self.le(high))
    }

    /// `IS NOT DISTINCT FROM`: as `=`, but NULL equals NULL, so an `Option` can be given.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let image: Option<String> = None;
    /// let query = User::query().filter(User::image.is_not_distinct_from(image)).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#""user"."image" IS NOT DISTINCT FROM $1"#));
    /// ```
    pub fn is_not_distinct_from(
        self,
        value: impl Into<Option<<C::Value as Value>::NotNull>>,
    ) -> Expr<bool, Of<C::Source>>
    where
        <C::Value as Value>::Nullable: From<Option<<C::Value as Value>::NotNull>>,
    {
        self.distinct("IS NOT DISTINCT FROM", value.into())
    }

    /// `IS DISTINCT FROM`: as `<>`, but NULL equals NULL, so an `Option` can be given.
    pub fn is_distinct_from(
        self,
        value: impl Into<Option<<C::Value as Value>::NotNull>>,
    ) -> Expr<bool, Of<C::Source>>
    where
        <C::Value as Value>::Nullable: From<Option<<C::Value as Value>::NotNull>>,
    {
        self.distinct("IS DISTINCT FROM", value.into())
    }

    fn distinct(
        self,
        op: &'static str,
        value: Option<<C::Value as Value>::NotNull>,
    ) -> Expr<bool, Of<C::Source>>
    where
        <C::Value as Value>::Nullable: From<Option<<C::Value as Value>::NotNull>>,
    {
        let value = <C::Value as Value>::Nullable::from(value);
        let param = super::node::Param::of(value);
        Expr::new(Node::Binary(Box::new(self.node()), op, Box::new(Node::Param(param))))
    }

    /// One of these values: `= ANY($1)`, one parameter for any number of them. None of an empty list.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let query = User::query().filter(User::id.in_list(["ada", "grace"])).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#""user"."id" = ANY($1)"#));
    /// ```
    pub fn in_list<V>(self, values: impl IntoIterator<Item = V>) -> Expr<bool, Of<C::Source>>
    where
        V: Into<<C::Value as Value>::NotNull>,
        Vec<<C::Value as Value>::NotNull>: Value,
    {
        self.quantified("= ANY", values)
    }

    /// None of these values: `<> ALL($1)`. Every row for an empty list.
    pub fn not_in_list<V>(self, values: impl IntoIterator<Item = V>) -> Expr<bool, Of<C::Source>>
    where
        V: Into<<C::Value as Value>::NotNull>,
        Vec<<C::Value as Value>::NotNull>: Value,
    {
        self.quantified("<> ALL", values)
    }

    fn quantified<V>(
        self,
        op: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Expr<bool, Of<C::Source>>
    where
        V: Into<<C::Value as Value>::NotNull>,
        Vec<<C::Value as Value>::NotNull>: Value,
    {
        let values: Vec<<C::Value as Value>::NotNull> =
            values.into_iter().map(Into::into).collect();
        let param = super::node::Param::of(values);
        Expr::new(Node::Quantified(Box::new(self.node()), op, Box::new(Node::Param(param))))
    }

    /// `IS NULL`.
    pub fn is_null(self) -> Expr<bool, Of<C::Source>> {
        Expr::new(Node::Postfix(Box::new(self.node()), "IS NULL"))
    }

    /// `IS NOT NULL`.
    pub fn is_not_null(self) -> Expr<bool, Of<C::Source>> {
        Expr::new(Node::Postfix(Box::new(self.node()), "IS NOT NULL"))
    }

    /// Sorts from small to large.
    pub fn asc(self) -> Order<Of<C::Source>> {
        Order::new(self.node(), SortOrder::Ascending)
    }

    /// Sorts from large to small.
    pub fn desc(self) -> Order<Of<C::Source>> {
        Order::new(self.node(), SortOrder::Descending)
    }

    /// Sets the column, in an update or upsert.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// let update = User::update().set(User::name.to(User::email)).all_rows();
    /// assert!(update.to_sql().text.starts_with(r#"UPDATE "user" SET "name" = "user"."email""#));
    /// ```
    pub fn to<V: Assign<C>>(self, value: V) -> Assignment<C::Source>
    where
        C: Settable,
    {
        Assignment::new(C::NAME, value.into_assigned())
    }

    /// Sets the column to its default, in an update.
    pub fn to_default(self) -> Assignment<C::Source>
    where
        C: Settable,
    {
        Assignment::new(C::NAME, Node::Default)
    }

    /// Sets the column to the value that the insert proposed, in an upsert.
    pub fn to_excluded(self) -> Assignment<C::Source>
    where
        C: Settable,
    {
        Assignment::new(C::NAME, Node::Excluded(C::NAME))
    }
}

/// A column of type `text`.
#[diagnostic::on_unimplemented(
    message = "column `{Self}` is not of type `text`",
    label = "patterns match columns of type `text`"
)]
pub trait TextColumn: TableColumn {}
#[diagnostic::do_not_recommend]
impl<C: TableColumn> TextColumn for C where C::Value: OfSqlType<Text> {}

impl<C: TableColumn> Column<C> {
    /// `LIKE`: `%` is any text, `_` any character (manual, section 9.7.1).
    pub fn like<V: Comparable<C>>(self, pattern: V) -> Expr<bool, (Of<C::Source>, V::Sources)>
    where
        C: TextColumn,
    {
        self.compare("LIKE", pattern)
    }

    /// `ILIKE`: as `LIKE`, whatever the case.
    pub fn ilike<V: Comparable<C>>(self, pattern: V) -> Expr<bool, (Of<C::Source>, V::Sources)>
    where
        C: TextColumn,
    {
        self.compare("ILIKE", pattern)
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

/// One type.
pub trait Same<T> {}
impl<T> Same<T> for T {}
