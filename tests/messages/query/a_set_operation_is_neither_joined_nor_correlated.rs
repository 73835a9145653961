//! The result of a set operation has the clauses of a result only.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

#[derive(Table)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author_id: i64,
}

fn joined() {
    let _ = User::query().union(User::query()).cross_join(Post);
}

fn correlated() {
    let _ = User::query().union(User::query()).correlate(Post);
}

fn main() {}
