//! `default_fn` is the path of a function or a closure, and the client alone makes the value.
use orm::prelude::*;

fn number() -> i64 {
    1
}

#[derive(Table)]
pub struct Ticket {
    #[column(primary_key, default_fn = number())]
    pub id: i64,
    #[column(default_fn = "number")]
    pub text: i64,
    #[column(default_fn = |last| last + 1)]
    pub next: i64,
    #[column(default_fn)]
    pub nothing: i64,
}

#[derive(Table)]
pub struct Entry {
    #[column(primary_key, identity, default_fn = number)]
    pub id: i64,
    #[column(serial, default_fn = number)]
    pub place: i64,
    #[column(generated = "id + 1", default_fn = number)]
    pub next: i64,
}

#[derive(Table)]
#[table(view = "SELECT 1 AS id")]
pub struct One {
    #[column(default_fn = number)]
    pub id: i64,
}

fn main() {}
