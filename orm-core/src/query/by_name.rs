//! Columns that are chosen when the program runs, by name.

use super::expr::Expr;
use super::node::{KeyCodec, Node, OrderKey};
use super::order::{Order, SortKey};
use super::reads::Within;
use super::table::Table;
use crate::schema::{Column, SortOrder};

fn column<T: Table>(name: &str) -> Option<(usize, &'static Column)> {
    T::TABLE.columns.iter().enumerate().find(|(_, column)| column.name == name)
}

fn node<T: Table>(column: &'static Column) -> Node {
    Node::Column { source: T::SOURCE, column: &column.name }
}

impl<T: Table> SortKey<T> {
    /// The column of this name in the database as a key; none where the table has no such column.
    ///
    /// Only columns of the table are found, so a name that a user sends is safe. It may be any of them: where some must not be
    /// sorted by, match the name instead.
    ///
    /// ```
    /// use auth::User;
    /// use orm::prelude::*;
    /// use orm::{SortKey, schema::SortOrder};
    /// let key = SortKey::<User>::by_name("email", SortOrder::Descending);
    /// let query = User::query().order_by(key).select(User::id);
    /// assert!(query.to_sql().text.ends_with(r#"ORDER BY "user"."email" DESC"#));
    /// assert!(SortKey::<User>::by_name("password; --", SortOrder::Ascending).is_none());
    /// ```
    pub fn by_name(name: &str, order: SortOrder) -> Option<Self> {
        let (position, column) = column::<T>(name)?;
        let codec = T::FIELDS.get(position).map(|field| KeyCodec {
            ty: field.ty,
            nullable: column.nullable,
            // The Rust type is not known here: the server judges the value.
            is_value: |_| true,
            as_text: field.as_text,
        });
        let key = OrderKey { node: node::<T>(column), order, nulls: None, codec };
        Some(Order::<Within<T>>::new(key).into())
    }
}

/// The column of this name in the database as text, to be selected and compared; none where the table has no such column.
///
/// It is a text whatever the column's type is: numbers are compared as their digits. A filter that is to compare by the type of the column
/// matches the name: `match name { "age" => User::age.gt(age).into(), .. }`.
///
/// ```
/// use auth::User;
/// use orm::prelude::*;
/// let column = orm::column_as_text::<User>("email_verified").expect("a column");
/// let query = User::query().filter(column.clone().eq("true")).select(column);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT CAST("user"."email_verified" AS text) FROM "user" WHERE CAST("user"."email_verified" AS text) = $1"#
/// );
/// ```
pub fn column_as_text<T: Table>(name: &str) -> Option<Expr<Option<String>, Within<T>>> {
    let (_, column) = column::<T>(name)?;
    Some(Expr::new(Node::Cast(Box::new(node::<T>(column)), "text")))
}
