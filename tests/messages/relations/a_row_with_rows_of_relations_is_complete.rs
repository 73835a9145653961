//! A row that is inserted with rows of its relations sets every required column.
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
    let post = Post::insert().id(1).title("a");
    let _ = User::insert().id(1).with(User::posts.insert([post])).returning_all();
}
