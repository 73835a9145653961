//! The server numbers the rows: an integer, never NULL, without another default.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key, identity)]
    pub id: String,
    #[column(identity)]
    pub number: Option<i64>,
    #[column(identity = by_default, default = 5)]
    pub other: i32,
    #[column(identity = sometimes)]
    pub last: i32,
    #[column(identity, on_update = 3)]
    pub set: i32,
}

fn main() {}
