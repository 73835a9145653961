//! The options of an identity are those of a sequence, and whole numbers.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key, identity(strat = 1))]
    pub id: i64,
    #[column(identity(increment = 0, cache = "many"))]
    pub number: i64,
    #[column(identity(always, by_default))]
    pub both: i64,
    #[column(identity(start = 1, start = 2))]
    pub twice: i64,
}

fn main() {}
