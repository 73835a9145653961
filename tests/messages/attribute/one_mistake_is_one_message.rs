//! A table with a mistake is still a table to the rest of the program.
use orm::prelude::*;

#[derive(Table, Debug)]
#[table(has_many(posts: Post, drafts: Post::author_id))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

#[derive(Table, Debug)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(refrences = User::id)]
    pub author_id: i64,
}

pub fn queries() {
    let _ = User::query().with(User::posts).filter(User::email.eq("ada@example.com")).to_sql();
    let _ = Post::query().inner_join(User, Post::author_id.eq(User::id)).to_sql();
    let _ = Post::insert().id(1).author_id(1).build();
}

fn main() {}
