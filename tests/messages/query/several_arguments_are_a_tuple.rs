//! Functions of any number of arguments take a tuple.
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

fn of_an_array() {
    let _ = User::query().select(func::array(User::id));
}

fn of_coalesce() {
    let _ = User::query().select(func::coalesce(User::image));
}

fn of_an_object() {
    let _ = User::query().select(func::jsonb_build_object("id"));
}

fn of_a_text() {
    let _ = User::query().select(func::concat(User::email));
}

fn main() {}
