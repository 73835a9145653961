//! A key has the types and the number of the key's columns.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "seat", primary_key(row, place))]
pub struct Seat {
    pub row: String,
    pub place: i32,
}

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {
    let _ = User::query().find("ada");
    let _ = Seat::query().find((1, "A"));
    let _ = Seat::query().find("A");
}
