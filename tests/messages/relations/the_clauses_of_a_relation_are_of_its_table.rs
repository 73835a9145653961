//! The clauses of a relation read the related table.
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

fn main() {
    let _ = User::posts.filter(Note::id.eq(1));
    let _ = User::posts.order_by(User::name.asc());
    let _ = User::posts.select(Note::text);
    let _ = User::posts.any(Note::id.eq(1));
    let _ = User::posts.aggregate(orm::func::max(Note::id));
    let _ = User::posts.limit(-1);
}
