//! PostgreSQL has no integers of the size of an address, and none of 128 bits: `count` and `large` are of other types.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "file")]
pub struct File {
    #[column(primary_key)]
    pub id: i64,
    pub count: usize,
    pub large: i128,
}

fn main() {}
