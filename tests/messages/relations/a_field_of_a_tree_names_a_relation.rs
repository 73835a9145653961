//! A field of a tree names a relation of its table.
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
#[from_row(from = Post)]
pub struct Title {
    pub title: String,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct Name {
    pub name: String,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct Unknown {
    #[column(relation)]
    pub pots: Vec<Title>,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct OfAnotherTable {
    #[column(relation = Post::author)]
    pub posts: Vec<Name>,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct FilteredByAnother {
    #[column(relation = User::posts.filter(Note::id.eq(1)))]
    pub posts: Vec<Title>,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct AColumn {
    #[column(relation = User::name)]
    pub posts: Vec<Title>,
}

fn main() {}
