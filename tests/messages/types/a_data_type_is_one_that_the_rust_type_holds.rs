//! The type that a column is declared with is one whose values its Rust type holds.
use orm::prelude::*;

#[derive(Table, Debug)]
struct Price {
    #[column(primary_key, data_type = "bigint")]
    id: i32,
    #[column(data_type = "numeric(10, 2)")]
    amount: f64,
    #[column(data_type = "integer")]
    count: i64,
    #[column(data_type = "uuid")]
    token: String,
    #[column(data_type = "text")]
    tags: Vec<String>,
    #[column(data_type = "text[]")]
    name: String,
    #[column(data_type = "bigint[]")]
    numbers: Vec<i32>,
    #[column(data_type = "timestamp(3) with time zone")]
    at: Option<String>,
    #[column(data_type = "pg_catalog.bool")]
    is_open: i16,
    #[column(data_type = "double precision")]
    share: f32,
    #[column(data_type = "interval day to second(3)")]
    length: String,
    #[column(data_type = "float(24)")]
    ratio: f64,
}

fn main() {}
