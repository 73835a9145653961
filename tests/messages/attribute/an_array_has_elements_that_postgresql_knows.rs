//! A `Vec` is an array of what a column can be.
use orm::prelude::*;

#[derive(Table)]
pub struct Measurement {
    #[column(primary_key)]
    pub id: i64,
    pub values: Vec<u128>,
}

fn main() {}
