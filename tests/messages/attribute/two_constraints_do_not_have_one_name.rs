//! Indexes and constraints of a table are told apart by name.
use orm::prelude::*;

#[derive(Table)]
#[table(unique("by_email", email), index("by_age", age), check("positive", "age > 0"), check("positive", "age < 200"))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(index = "by_email")]
    pub email: String,
    #[column(unique = "by_age")]
    pub age: i32,
}

fn main() {}
