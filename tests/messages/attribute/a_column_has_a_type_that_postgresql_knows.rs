//! One message for each field whose type cannot be a column.
use orm::prelude::*;

pub struct Money {
    pub cents: i64,
}

#[derive(Table)]
pub struct Product {
    #[column(primary_key)]
    pub id: u128,
    pub price: Money,
    pub discount: Option<Money>,
    #[column(data_type = "bigint")]
    pub stock: usize,
}

fn main() {}
