//! Functions of the session and of identifiers: manual, sections 9.14 and 9.26.

use super::macros::functions;

functions! {
    /// `current_setting(name)`: a setting of the session; an error where there is none of this name.
    current_setting(A name: crate::types::Text) -> String;
    /// `pg_backend_pid()`: the process of the session.
    pg_backend_pid() -> i32;
    /// `version()`: the version of the server, as text.
    version() -> String;
    /// `txid_current()`: the number of the transaction.
    txid_current() -> i64;
}

#[cfg(feature = "uuid")]
functions! {
    /// `gen_random_uuid()`: a random UUID, version 4.
    gen_random_uuid() -> uuid::Uuid;
}

/// `CURRENT_USER`: the role by which permissions are checked.
pub fn current_user() -> crate::query::Expr<String, ()> {
    crate::query::Expr::new(crate::query::node::Node::Cast(
        Box::new(crate::query::node::Node::Constant("CURRENT_USER")),
        "text",
    ))
}
