//! `default_fn` names a function without arguments that gives a value of the column.
use orm::prelude::*;

fn number() -> i64 {
    1
}

fn text() -> String {
    String::new()
}

fn next(last: i64) -> i64 {
    last + 1
}

#[derive(Table)]
pub struct User {
    #[column(primary_key, default_fn = text)]
    pub id: i64,
    #[column(default_fn = number)]
    pub name: String,
    #[column(default_fn = next)]
    pub place: i64,
    #[column(default_fn = nowhere)]
    pub nothing: i64,
    #[column(default_fn = || None::<i64>)]
    pub never_null: i64,
}

fn main() {}
