//! Whether a type of `jiff`, `time` or `chrono` holds the values of a declared type is known.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "meeting")]
pub struct Meeting {
    #[column(primary_key)]
    pub id: i64,
    #[column(data_type = "timestamp(3)")]
    pub starts: jiff::civil::DateTime,
    #[column(data_type = "date")]
    pub day: jiff::civil::Time,
    #[column(data_type = "timestamptz(0)")]
    pub ends: orm::OrInfinity<jiff::civil::DateTime>,
    #[column(data_type = "interval")]
    pub takes: orm::types::TimeOfDay,
}

fn main() {}
