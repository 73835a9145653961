//! Functions: aggregates and the server's clock.

use super::column::{Column, TableColumn, TextColumn};
use super::expr::Expr;
use super::node::Node;
use super::scope::Of;
use crate::types::Value;

/// `count(*)`: how many rows.
pub fn count() -> Expr<i64, ()> {
    Expr::new(Node::Call("count", vec![Node::Constant("*")]))
}

/// `count(column)`: how many rows in which it is not NULL.
pub fn count_of<C: TableColumn>(column: Column<C>) -> Expr<i64, Of<C::Source>> {
    Expr::new(Node::Call("count", vec![column.node()]))
}

/// `min(column)`: NULL over no rows.
pub fn min<C: TableColumn>(
    column: Column<C>,
) -> Expr<<C::Value as Value>::Nullable, Of<C::Source>> {
    Expr::new(Node::Call("min", vec![column.node()]))
}

/// `max(column)`: NULL over no rows.
pub fn max<C: TableColumn>(
    column: Column<C>,
) -> Expr<<C::Value as Value>::Nullable, Of<C::Source>> {
    Expr::new(Node::Call("max", vec![column.node()]))
}

/// `lower(column)`.
pub fn lower<C: TextColumn>(column: Column<C>) -> Expr<C::Value, Of<C::Source>> {
    Expr::new(Node::Call("lower", vec![column.node()]))
}

/// `now()`: the start of the transaction, by the server's clock (manual, section 9.9.5).
#[cfg(feature = "chrono")]
pub fn now() -> Expr<chrono::DateTime<chrono::Utc>, ()> {
    Expr::new(Node::Constant("now()"))
}
