//! An insert from a query names columns, and gets a value for each.
use orm::prelude::*;

#[derive(Table, Debug, Clone)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    pub image: Option<String>,
}

#[derive(Table, Debug, Clone)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    pub words: Vec<String>,
    pub data: serde_json::Value,
}

fn of_no_columns() {
    let _ = orm::Insert::into(User).columns("email");
}

fn of_another_table() {
    let _ = orm::Insert::into(User).columns((User::id, Post::title));
}

fn of_too_few_values() {
    let _ = orm::Insert::into(User)
        .columns((User::id, User::email))
        .select(Post::query().select(Post::id));
}

fn of_another_type() {
    let _ = orm::Insert::into(User)
        .columns((User::id, User::email))
        .select(Post::query().select((Post::id, Post::id)));
}

fn main() {}
