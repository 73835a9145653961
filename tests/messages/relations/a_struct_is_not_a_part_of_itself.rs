//! A tree has an end: no struct is a field of itself, however deep.
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

#[derive(FromRow)]
#[from_row(from = User)]
pub struct UserPage {
    pub name: String,
    #[column(relation)]
    pub posts: Vec<PostPage>,
}

#[derive(FromRow)]
#[from_row(from = Post)]
pub struct PostPage {
    pub title: String,
    #[column(relation)]
    pub author: UserPage,
}

fn main() {}
