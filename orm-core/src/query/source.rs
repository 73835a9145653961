//! [`IntoSource`]: what `FROM` and the joins take.

use super::Table;
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
