//! `.inner()`: a value of a newtype, seen as a value of the type within it.

use super::column::{Column, TableColumn};
use super::expr::Expr;
use super::expression::Expression;
use super::func::Aggregate;
use super::reads::{Aggregated, InAggregate};
use crate::types::{Newtype, Value};
use std::marker::PhantomData;

/// The column `C` of a newtype, as a column of the type within it. Made by [`Column::inner`].
pub struct InnerOf<C>(PhantomData<C>);

/// The type within a newtype; within an `Option` of one an `Option`.
type InnerValue<V> = <V as Value>::Propagate<<<V as Value>::NotNull as Newtype>::Inner>;

impl<C: TableColumn> TableColumn for InnerOf<C>
where
    <C::Value as Value>::NotNull: Newtype,
{
    type Source = C::Source;
    type Value = InnerValue<C::Value>;
    type Position = C::Position;
    const NAME: &'static str = C::NAME;
    const POSITION: usize = C::POSITION;
    const AS_TEXT: Option<&'static str> = C::AS_TEXT;
    const DECLARED: super::column::Declared = C::DECLARED;
}

impl<C: TableColumn> Column<C> {
    /// The column of a newtype as one of the type within it: its operators are there, and it compares with values of that type.
    /// In SQL it is the same column, without a cast.
    ///
    /// ```
    /// use orm::prelude::*;
    ///
    /// #[derive(Newtype, Debug, Clone, PartialEq)]
    /// struct Slug(String);
    ///
    /// #[derive(Table, Debug)]
    /// struct Page {
    ///     #[column(primary_key)]
    ///     slug: Slug,
    /// }
    ///
    /// let guides = Page::query().filter(Page::slug.inner().starts_with("guide/"));
    /// assert!(guides.to_sql().text.ends_with(r#"WHERE "page"."slug" LIKE $1"#));
    /// ```
    pub fn inner(self) -> Column<InnerOf<C>>
    where
        <C::Value as Value>::NotNull: Newtype,
    {
        Column::HANDLE
    }
}

impl<V: Value, R> Expr<V, R> {
    /// An expression of a newtype as one of the type within it, without a cast: see [`Column::inner`].
    pub fn inner(self) -> Expr<InnerValue<V>, R>
    where
        V::NotNull: Newtype,
    {
        Expr::new(self.into_erased())
    }
}

impl<V: Value, R: InAggregate, Rows> Aggregate<V, R, Rows> {
    /// An aggregate of a newtype, `max(User::id)`, as a value of the type within it, without a cast: see [`Column::inner`].
    pub fn inner(self) -> Expr<InnerValue<V>, Aggregated<R>>
    where
        V::NotNull: Newtype,
    {
        Expr::new(self.into_node())
    }
}
