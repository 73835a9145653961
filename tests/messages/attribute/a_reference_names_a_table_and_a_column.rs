//! `references` is the path of a column.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = id)]
    pub a_id: i64,
    #[column(references = Self::id())]
    pub b_id: i64,
}

fn main() {}
