//! PostgreSQL's functions, under their own names: `orm::func::lower(User::name)`.

mod aggregate;
mod text;

pub use aggregate::*;
pub use text::*;

use super::expr::Expr;
#[cfg(feature = "chrono")]
use super::node::Node;

/// `now()`: the start of the transaction, by the server's clock (manual, section 9.9.5).
#[cfg(feature = "chrono")]
pub fn now() -> Expr<chrono::DateTime<chrono::Utc>, ()> {
    Expr::new(Node::Constant("now()"))
}
