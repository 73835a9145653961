//! A statement that changes rows returns them before relations are loaded.
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
    let _ = User::update().set(User::name.set("Ada")).with(User::posts);
    let _ = User::update().set(User::name.set("Ada")).filter(User::id.eq(1)).with(User::posts);
    let _ = User::delete().filter(User::id.eq(1)).with(User::posts);
    let _ = User::delete().filter(User::id.eq(1)).returning(User::id).with(User::posts);
    let _ = User::insert().id(1).name("Ada").on_conflict(User::id).with(User::posts);
}
