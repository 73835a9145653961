//! What the tests of `orm-migrate` share: runs of the tool, databases and their schemas, folders to write in.

mod database;
mod folder;
mod live;
pub mod random;
mod tool;

pub use database::{Database, Held, connect, hold, on, on_each, texts, try_sql};
pub use folder::{TempFolder, auth_manifest};
pub use live::{Live, all, differences, drop_schemas, lines, unnamed};
pub use tool::{ToolOutput, run, tool};
