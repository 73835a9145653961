//! The column that `has_many` follows references this table.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(posts: Post::id))]
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
}

fn main() {}
