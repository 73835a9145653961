//! [`IntoSource`]: what `FROM` and the joins take.

use super::Table;
use super::alias::{Alias, AliasName, AliasOf};
use super::from_row::NamedColumns;
use super::node::{FromItem, Select};
use super::scope::{Handle, Required, Source};
use super::select::{Query, WholeRows};

/// Something that rows are read from: the handle of a table, an alias, a query, ..
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table, an alias or a query",
    label = "rows cannot be read from it",
    note = "give the name of a table's struct, an alias made by `orm::alias!`, or a query that selects into a struct with `#[derive(FromRow)]`"
)]
pub trait IntoSource {
    /// The source, as a type.
    type Source: Source;
    #[doc(hidden)]
    fn into_item(self) -> FromItem;
}

impl<T: Table> IntoSource for Handle<T> {
    type Source = T;

    fn into_item(self) -> FromItem {
        FromItem::table(T::TABLE, <T as Source>::SOURCE)
    }
}

/// What names a source that a query reads: the handle of a table or of a row, or an alias.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a source of a query",
    label = "not the name of a source",
    note = "give the name of the struct, or an alias made by `orm::alias!`"
)]
pub trait NamesSource {
    /// The source, as a type.
    type Source: Source;
}

impl<S: Source> NamesSource for Handle<S> {
    type Source = S;
}

impl<T: NamedColumns, N: AliasName> NamesSource for AliasOf<T, N> {
    type Source = Alias<T, N>;
}

/// Starts a query at a source that is no table: an alias, a derived table, ..
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let inviter = orm::alias!(User, "inviter");
/// assert_eq!(orm::from(inviter).select(inviter.id).to_sql(), r#"SELECT "inviter"."id" FROM "user" AS "inviter""#);
/// ```
pub fn from<F: IntoSource>(
    source: F,
) -> Query<(Required<F::Source>,), <F::Source as Source>::Row, WholeRows> {
    Query::new(Select::of(source.into_item()))
}
