//! PostgreSQL's functions, under their own names: `orm::func::lower(User::name)`.
//!
//! An argument is a value, a column or an expression of its SQL type. The result is NULL where an argument is, unless the
//! function says otherwise. Any other function is declared by [`function!`](https://docs.rs/orm/latest/orm/macro.function.html).
//! `mod(x, y)` is the operator `%`, `position(x IN y)` is [`strpos`], `x LIKE y` and its like are methods.

mod aggregate;
mod array;
mod conditional;
mod geometric;
pub mod hstore;
#[cfg(feature = "json")]
pub(crate) mod json;
pub mod ltree;
mod macros;
mod math;
mod misc;
mod network;
pub mod pgvector;
pub mod postgis;
mod range;
mod search;
mod sequence;
mod set;
mod text;
mod time;
mod window;
mod zones;

pub use aggregate::*;
pub use array::*;
pub use conditional::*;
pub use geometric::*;
#[cfg(feature = "json")]
pub use json::*;
pub use math::*;
pub use misc::*;
pub use network::*;
pub use range::*;
pub use search::*;
pub use sequence::*;
pub use set::*;
pub use text::*;
pub use time::*;
pub use window::*;
pub use zones::*;
