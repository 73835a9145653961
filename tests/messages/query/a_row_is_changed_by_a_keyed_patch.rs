//! A row is changed by a patch that has its key.
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

#[derive(Patch)]
#[patch(table = User)]
pub struct Letter {
    pub email: String,
}

fn of_no_patch() {
    let _ = orm::Update::<User, _>::row(1);
}

fn without_a_key() {
    let _ = orm::Update::row(Letter { email: "x".into() });
}

fn main() {}
