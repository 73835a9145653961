//! strictly_left_of(), union() and their like are of ranges.
use orm::prelude::*;
use orm::Range;

#[derive(Table)]
pub struct Booking {
    #[column(primary_key)]
    pub id: i64,
    pub seats: Range<i32>,
}

fn main() {
    let _ = Booking::query().filter(Booking::id.strictly_left_of(1..2));
    let _ = Booking::query().filter(Booking::seats.adjacent_to(7));
    let _ = Booking::query().select(Booking::seats.union(7));
    let _ = Booking::query().select(Booking::id.union(7));
}
