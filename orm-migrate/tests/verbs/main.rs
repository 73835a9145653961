//! The verbs that a history needs beside `diff` and `apply`, through the real binary on a real PostgreSQL.

mod baseline;
mod branches;
mod down;
mod new;
mod repair;
mod squash;
mod support;
