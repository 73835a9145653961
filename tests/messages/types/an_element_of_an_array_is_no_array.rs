//! An array of several dimensions is an `NdArray`, and not a `Vec` of arrays.
use orm::prelude::*;
use orm::types::NdArray;

#[derive(Table)]
pub struct Game {
    #[column(primary_key)]
    pub id: i64,
    pub board: Vec<Vec<i32>>,
}

#[derive(Table)]
pub struct Match {
    #[column(primary_key)]
    pub id: i64,
    pub boards: Vec<NdArray<i32>>,
}

fn main() {}
