//! A query gives rows, and is not executed.
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

async fn run(db: &Db) {
    let _ = User::query().execute(db);
    let _ = User::query().select((User::id, User::name)).execute(db);
}

fn main() {}
