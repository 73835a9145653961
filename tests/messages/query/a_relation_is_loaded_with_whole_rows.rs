//! A relation is loaded with whole rows.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user", has_many(posts: Post))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    pub image: Option<String>,
    #[column(default = false)]
    pub verified: bool,
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

fn main() {
    let _ = User::query().select(User::id).with(User::posts);
    let _ = User::query().select((User::id, User::email)).with(User::posts);
    let _ = User::query().group_by(User::id).with(User::posts);
    let _ = User::query().group_by(User::id).select(User::id).with(User::posts);
    let _ = User::query().union(User::query()).with(User::posts);
    let _ = User::query().inner_join(Post, User::posts).with(User::posts);
}
