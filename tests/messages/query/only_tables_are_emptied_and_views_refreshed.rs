//! Tables are emptied, and materialized views are refreshed.
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

fn no_table() {
    let _ = orm::truncate("user");
}

fn no_view() {
    let _ = orm::refresh(User);
}

fn main() {}
