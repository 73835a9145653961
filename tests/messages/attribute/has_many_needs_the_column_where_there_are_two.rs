//! A table that references another one twice is followed through one of the columns.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(posts: Post))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author_id: i64,
    #[column(references = User::id)]
    pub editor_id: i64,
}

fn main() {}
