//! A struct that is flattened has `#[derive(Columns)]`.
use orm::prelude::*;

pub struct Address {
    pub street: String,
}

#[derive(Table)]
pub struct Customer {
    #[column(primary_key)]
    pub id: i64,
    #[column(flatten)]
    pub billing: Address,
}

fn main() {}
