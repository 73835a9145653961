//! `check` as CI runs it: the real binary, a real crate, a real PostgreSQL.

mod agree;
mod completions;
mod lint;
mod settings;
mod support;
