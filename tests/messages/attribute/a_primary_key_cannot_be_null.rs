//! A column of the primary key is not an `Option`.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: Option<i64>,
}

#[derive(Table)]
#[table(primary_key(a, b))]
pub struct Pair {
    pub a: i64,
    pub b: Option<i64>,
}

fn main() {}
