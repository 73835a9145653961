//! Column names differ.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    #[column(name = "email")]
    pub address: String,
}

fn main() {}
