//! A relation is asked a question, and is no condition, value or key of an order itself.
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
    let _ = User::query().filter(User::posts);
    let _ = User::query().order_by(User::posts);
    let _ = User::query().filter(User::posts.eq(1));
    let _ = Note::query().filter(Note::user.is_null());
    let _ = User::query().order_by(User::posts.desc());
    let _ = User::query().filter(User::posts.count());
}
