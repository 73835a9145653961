//! A literal that the column cannot hold is a mistake here, not when the table is made.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key, default = "one")]
    pub id: i64,
    #[column(default = 5)]
    pub name: String,
    #[column(default = "yes")]
    pub verified: bool,
    #[column(default = 1.5)]
    pub age: Option<i32>,
    #[column(default = 40_000)]
    pub small: i16,
    #[column(default = true)]
    pub ratio: f64,
    #[column(default = -"x")]
    pub text: String,
}

fn main() {}
