//! `Vec<u8>` is a `bytea`: of column `shelf`, a `u8`, `array_agg` makes no such array.
use orm::func;
use orm::prelude::*;

#[derive(Table)]
#[table(name = "stock")]
pub struct Stock {
    #[column(primary_key)]
    pub id: i64,
    pub shelf: u8,
}

fn main() {
    let _ = Stock::query().select(func::array_agg(Stock::shelf));
}
