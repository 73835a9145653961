//! A range of `i32` is no `int8range`, and a multirange is no range.
use orm::prelude::*;
use orm::{Multirange, Range};

#[derive(Table)]
pub struct Booking {
    #[column(primary_key)]
    pub id: i64,
    #[column(data_type = "int8range")]
    pub seats: Range<i32>,
    #[column(data_type = "daterange")]
    pub days: Multirange<chrono::NaiveDate>,
}

fn main() {}
