//! A closure that makes a query is prepared, and gets a value for each placeholder.
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

fn no_query() {
    let _ = orm::prepare(|_id: orm::Placeholder<i64>| 1);
}

fn no_closure() {
    let _ = orm::prepare(User::query());
}

fn one_of_two_is_of_another_type(db: &Db) {
    let query = orm::prepare(|id: orm::Placeholder<i64>, email: orm::Placeholder<String>| {
        User::query().filter(User::id.eq(id)).filter(User::email.eq(email))
    });
    let _ = query.all(db, ("x", "y"));
}

fn main() {}
