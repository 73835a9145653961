//! `table` is for the struct, `column` for a field, both with parentheses.
use orm::prelude::*;

#[derive(Table)]
#[column(name = "user")]
#[table]
pub struct User {
    #[table(name = "id")]
    pub id: i64,
    #[column = "email"]
    pub email: String,
}

fn main() {}
