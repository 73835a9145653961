//! The column of `references` must be one of the other table.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
pub struct Session {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::uuid)]
    pub user_id: i64,
}

fn main() {}
