//! `deferrable` and `not_valid` on a column are about its foreign key.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(deferrable)]
    pub a: i64,
    #[column(not_valid)]
    pub b: i64,
    #[column(references = User::id, deferrable = at_once)]
    pub c: i64,
    #[column(unique(other, deferrable))]
    pub other: i64,
}

fn main() {}
