//! What is read of related rows is said once.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user", has_many(posts: Post, notes: Note))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    #[column(references = User::id)]
    pub author_id: i64,
}

#[derive(Table)]
#[table(name = "note")]
pub struct Note {
    #[column(primary_key)]
    pub id: i64,
    pub text: String,
    #[column(references = User::id)]
    pub user_id: Option<i64>,
}

fn main() {
    let _ = User::query().with(User::posts.with(Post::author).select(Post::title));
    let _ = User::query().with(User::posts.select(Post::title).select(Post::id));
    let _ = User::query().with(User::posts.select(Post::title).with(Post::author));
}
