//! PostgreSQL's functions, under their own names: `orm::func::lower(User::name)`.

mod aggregate;
mod array;
mod conditional;
#[cfg(feature = "json")]
pub(crate) mod json;
mod macros;
mod math;
mod misc;
mod search;
mod sequence;
mod set;
mod text;
#[cfg(feature = "chrono")]
mod time;
mod window;

pub use aggregate::*;
pub use array::*;
pub use conditional::*;
#[cfg(feature = "json")]
pub use json::*;
pub use math::*;
pub use misc::*;
pub use search::*;
pub use sequence::*;
pub use set::*;
pub use text::*;
#[cfg(feature = "chrono")]
pub use time::*;
pub use window::*;
