//! MERGE updates and deletes only rows that are there.
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

fn main() {
    let _ = orm::merge(User)
        .using(Post, Post::id.eq(User::id))
        .when_not_matched()
        .delete();
}
