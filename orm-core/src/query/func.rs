//! PostgreSQL's functions, under their own names: `orm::func::lower(User::name)`.

mod aggregate;
mod set;
mod text;
mod window;

pub use aggregate::*;
pub use set::*;
pub use text::*;
pub use window::*;

#[cfg(feature = "chrono")]
use super::{expr::Expr, node::Node};

/// `now()`: the start of the transaction, by the server's clock (manual, section 9.9.5).
#[cfg(feature = "chrono")]
pub fn now() -> Expr<chrono::DateTime<chrono::Utc>, ()> {
    Expr::new(Node::Constant("now()"))
}
