//! A row of values is a tuple, and is compared with tuples.
use orm::func;
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

fn of_one_value() {
    let _ = User::query().filter(func::row(User::id).eq((1,)));
}

fn compared_with_a_value() {
    let _ = User::query().filter(func::row((User::id, User::email)).gt(1));
}

fn looked_for_in_a_value() {
    let _ = User::query().filter(func::row((User::id, User::email)).is_in(1));
}

fn main() {}
