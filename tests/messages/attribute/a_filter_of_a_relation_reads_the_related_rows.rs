//! The filter of a relation is a condition of the related row, and of that of the join table.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(
    posts: Post,
    own: Post filter(Post::title.eq(User::name)),
    drafts: Post filter(Post::title),
    first: Post filter(Post::id.eq("1")),
))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    #[column(references = User::id)]
    pub author_id: i64,
}

fn main() {}
