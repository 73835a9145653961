//! A `timestamp with time zone` has no time zone, so `ZonedDateTime` of `jiff` would not come back as it went.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "meeting")]
pub struct Meeting {
    #[column(primary_key)]
    pub id: i64,
    pub starts: jiff::ZonedDateTime,
}

fn main() {}
