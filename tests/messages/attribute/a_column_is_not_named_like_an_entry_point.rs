//! `User::query()` and its like stay reachable.
use orm::prelude::*;

#[derive(Table)]
pub struct Log {
    #[column(primary_key)]
    pub id: i64,
    pub query: String,
    pub insert: String,
    pub update: String,
    pub delete: String,
    #[column(references = Self::id)]
    pub query_id: Option<i64>,
}

fn main() {}
