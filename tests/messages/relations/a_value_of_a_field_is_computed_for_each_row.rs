//! The value of a field is one of each row, of the type of the field.
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
pub struct AnAggregate {
    pub name: String,
    #[column(value = orm::func::count_star())]
    pub count: i64,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct AnotherType {
    #[column(value = User::posts.count())]
    pub count: String,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct AnotherTable {
    #[column(value = Post::author.exists())]
    pub has_author: bool,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct Missing {
    #[column(value = User::posts.aggregate(orm::func::max(Post::id)))]
    pub newest: i64,
}

fn main() {}
