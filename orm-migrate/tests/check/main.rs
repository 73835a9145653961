//! `check` as CI runs it: the real binary, a real crate, a real PostgreSQL.

mod agree;
mod lint;
mod settings;
mod support;
