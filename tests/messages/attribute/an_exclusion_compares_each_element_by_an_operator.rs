//! An exclusion says by which operator each of its elements is compared.
use orm::prelude::*;

#[derive(Table)]
#[table(exclude(room), exclude(sql("") with "&&", rom with "="))]
pub struct Booking {
    #[column(primary_key)]
    pub id: i64,
    pub room: i64,
}

fn main() {}
