//! A relation is loaded for the rows of its table, at each depth.
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
    let _ = User::query().with(Post::author.filter(User::id.eq(1)));
    let _ = User::query().with(User::posts.with(User::notes));
    let _ = User::query().with(User::posts.with(User::notes.limit(1)));
    let _ = User.with(Post::author);
    let _ = User::query().select((User::id, Post::author.count()));
    let _ = User::query().with(User::name);
}
