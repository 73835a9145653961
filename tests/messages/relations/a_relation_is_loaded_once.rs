//! A relation is loaded once.
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
    let _ = User::query().with(User::posts).with(User::posts.limit(3));
    let _ = Post::query().with(Post::author.with(User::notes).with(User::notes));
    let _ = User.with(User::posts).with(User::posts);
    let _ = User::update().all_rows().returning_all().with(User::posts).with(User::posts);
}
