//! A serial is an integer that is not NULL, and has no other maker.
use orm::prelude::*;

#[derive(Table)]
struct Entry {
    #[column(primary_key, serial)]
    id: String,
    #[column(serial)]
    maybe: Option<i64>,
    #[column(serial, default = 1)]
    first: i64,
    #[column(serial, identity)]
    second: i32,
    #[column(serial, data_type = "bigint")]
    third: i64,
    #[column(data_type = "BIGSERIAL")]
    fourth: Option<i64>,
}

fn main() {}
