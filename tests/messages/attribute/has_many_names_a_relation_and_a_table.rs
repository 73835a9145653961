//! `has_many` pairs a new name with a table or with the column to follow.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(Post), has_many(posts = Post), has_many(), has_many(posts: Vec<Post>), has_many(x: author_id))]
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
