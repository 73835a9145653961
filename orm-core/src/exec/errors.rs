//! A driver error becomes an [`Error`]: kind by SQLSTATE, what was being done, place, and what to do.
//! Messages hold what the server said and never a setting that could be secret.

mod connect;
mod statement;

pub(crate) use connect::{all_failed, connect_failed, no_answer};
pub(crate) use statement::statement_failed;
