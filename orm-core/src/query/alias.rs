//! Aliases: a second name for a source, so that a query can read it twice.

use super::column::{Column, Settable, TableColumn};
use super::from_row::NamedColumns;
use super::node::{Columns, From, FromItem};
use super::related::Relation;
use super::relation::RelationDefinition;
use super::scope::Source;
use super::source::IntoSource;
use crate::query::ColumnSet;
use crate::query::Table;
use std::marker::PhantomData;

/// The name of an alias, as a type. Made by `orm::alias!`.
pub trait AliasName: 'static {
    /// A hash of the name as digits.
    type Id;
    /// The name.
    const NAME: &'static str;
}

/// The table `T` under the name `N`.
pub struct Alias<T, N>(PhantomData<(T, N)>);

impl<T: NamedColumns, N: AliasName> Source for Alias<T, N> {
    type Row = T;
    type Id = N::Id;
    type PrimaryKey = T::PrimaryKey;
    const SOURCE: &'static str = N::NAME;
    const COLUMNS: Columns = T::COLUMNS;
}

/// The column `C`, seen through the source `A`.
pub struct Aliased<A, C>(PhantomData<(A, C)>);

impl<A: Source, C: Settable> Settable for Aliased<A, C> {}

impl<A: Source, C: TableColumn> TableColumn for Aliased<A, C> {
    type Source = A;
    type Value = C::Value;
    type Position = C::Position;
    const NAME: &'static str = C::NAME;
    const POSITION: usize = C::POSITION;

    const AS_TEXT: Option<&'static str> = C::AS_TEXT;
    const DECLARED: super::column::Declared = C::DECLARED;
}

/// An alias as a value: its fields are the columns of the table, seen through it.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let inviter = orm::alias!(User, "inviter");
/// let query = User::query().inner_join(inviter, inviter.email.eq(User::email)).select(inviter.name);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "inviter"."name" FROM "user" INNER JOIN "user" AS "inviter" ON "inviter"."email" = "user"."email""#
/// );
/// ```
pub struct AliasOf<T, N>(PhantomData<fn() -> (T, N)>);

impl<T: NamedColumns, N: AliasName> AliasOf<T, N> {
    #[doc(hidden)]
    pub const HANDLE: Self = Self(PhantomData);

    /// A column of the table, seen through the alias.
    pub fn column<C: TableColumn<Source = T>>(
        self,
        column: Column<C>,
    ) -> Column<Aliased<Alias<T, N>, C>> {
        column.through()
    }
}

impl<T: Table, N: AliasName> AliasOf<T, N> {
    /// A relation of the table, from the rows of the alias: what a join is given.
    ///
    /// ```
    /// use auth::{Session, User};
    /// use orm::prelude::*;
    /// let other = orm::alias!(Session, "other");
    /// let query = orm::from(other).inner_join(User, other.relation(Session::user)).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#"INNER JOIN "user" ON "user"."id" = "other"."user_id""#));
    /// ```
    pub fn relation<R: RelationDefinition<From = T>>(
        self,
        relation: Relation<R>,
    ) -> RelationOfAlias<Alias<T, N>, R> {
        let _ = relation;
        RelationOfAlias(PhantomData)
    }
}

/// A relation that starts at an alias. Made by [`AliasOf::relation`].
pub struct RelationOfAlias<A, R>(PhantomData<fn() -> (A, R)>);

impl<A, R> Clone for RelationOfAlias<A, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, R> Copy for RelationOfAlias<A, R> {}

impl<A: Source, R: RelationDefinition> std::fmt::Debug for RelationOfAlias<A, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} -> {}", A::SOURCE, <R::To as Table>::NAME)
    }
}

impl<T, N> Clone for AliasOf<T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, N> Copy for AliasOf<T, N> {}

impl<T: NamedColumns, N: AliasName> std::fmt::Debug for AliasOf<T, N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} as {}", T::SOURCE, N::NAME)
    }
}

impl<T: NamedColumns, N: AliasName> std::ops::Deref for AliasOf<T, N> {
    type Target = T::Columns<Alias<T, N>>;

    fn deref(&self) -> &Self::Target {
        <T::Columns<Alias<T, N>> as ColumnSet>::ALL
    }
}

impl<T: Table, N: AliasName> IntoSource for AliasOf<T, N> {
    type Source = Alias<T, N>;

    fn into_item(self) -> FromItem {
        FromItem { from: From::Table(T::TABLE), name: N::NAME, columns: T::COLUMNS, lateral: false }
    }
}
