//! A missing comma, and what is no key.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user" schema = "auth", "user", 3)]
pub struct User {
    #[column(primary_key unique)]
    pub id: i64,
    #[column(default = )]
    pub a: i32,
    #[column(references = )]
    pub b: i32,
}

fn main() {}
