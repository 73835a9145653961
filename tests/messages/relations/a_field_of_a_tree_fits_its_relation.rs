//! The type of a field fits what its relation gives.
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
pub struct OneOfMany {
    #[column(relation)]
    pub posts: Title,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct OptionOfMany {
    #[column(relation)]
    pub posts: Option<Title>,
}

#[derive(FromRow)]
#[from_row(from = Post)]
pub struct ManyOfOne {
    #[column(relation)]
    pub author: Vec<Name>,
}

#[derive(FromRow)]
#[from_row(from = Note)]
pub struct RequiredOfOptional {
    #[column(relation)]
    pub user: Name,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct OfAnotherTable {
    #[column(relation)]
    pub posts: Vec<Name>,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct OfAColumn {
    #[column(relation)]
    pub posts: Vec<String>,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct OfNothing {
    #[column(relation)]
    pub posts: String,
}

fn main() {}
