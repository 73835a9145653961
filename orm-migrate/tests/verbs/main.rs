//! The verbs that a history needs beside `diff` and `apply`, through the real binary on a real PostgreSQL.

mod branches;
mod down;
mod new;
mod support;
