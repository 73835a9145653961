//! A generated column is made by its SQL alone, and one that is not stored has no index.
use orm::prelude::*;

#[derive(Table)]
pub struct Line {
    #[column(primary_key)]
    pub id: i64,
    #[column(generated = "id * 2", default = 5)]
    pub total: i64,
    #[column(generated = virtual("id * 3"), unique)]
    pub more: i64,
    #[column(generated = "")]
    pub empty: i64,
    #[column(generated = 5)]
    pub number: i64,
    #[column(generated = stord("id"))]
    pub kind: i64,
}

fn main() {}
