//! Renders a statement to SQL text and parameters: the one place where query SQL is made.
//! Knows `query`; knows no connection, no row, no `async`.

pub mod ident;
