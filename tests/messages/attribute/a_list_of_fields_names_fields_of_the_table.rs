//! Lists name fields of the struct, each once.
use orm::prelude::*;

#[derive(Table)]
#[table(unique(name, emial), index("by_age", ages), unique_index(name, name), primary_key(uid), index("empty",))]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub age: i32,
}

fn main() {}
