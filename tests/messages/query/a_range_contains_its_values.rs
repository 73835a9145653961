//! A range of numbers contains numbers and ranges of them, and is contained in such ranges.
use orm::prelude::*;
use orm::Range;

#[derive(Table)]
pub struct Booking {
    #[column(primary_key)]
    pub id: i64,
    pub seats: Range<i32>,
    pub days: Range<i64>,
}

fn main() {
    let _ = Booking::query().filter(Booking::seats.contains("7"));
    let _ = Booking::query().filter(Booking::seats.contained_in(Booking::days));
    let _ = Booking::query().filter(Booking::seats.overlaps(7));
}
