//! A driver error becomes an [`Error`]: kind by SQLSTATE, what was being done, place, and what to do.
//! Messages hold what the server said and never a setting that could be secret.

mod behind;
mod connect;
mod place;
mod statement;

pub(crate) use behind::{BEHIND, hint_at_missing_migration};
pub(crate) use connect::{
    Passing, all_failed, both_failed, connect_failed, no_answer, socket_failed, unresolved,
};
pub(crate) use place::placed;
pub(crate) use statement::{
    demoted, is_out_of_step, is_stale, out_of_time, silent, silent_shared, statement_failed,
};
