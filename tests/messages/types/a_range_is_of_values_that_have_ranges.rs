//! There are ranges of numbers, dates and times, and of no texts.
use orm::prelude::*;
use orm::{Multirange, Range};

#[derive(Table)]
pub struct Booking {
    #[column(primary_key)]
    pub id: i64,
    pub during: Range<String>,
}

#[derive(Table)]
pub struct Closing {
    #[column(primary_key)]
    pub id: i64,
    pub days: Option<Multirange<i16>>,
}

fn main() {}
