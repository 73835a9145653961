//! A lateral query reads only sources before it.
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

#[derive(FromRow)]
pub struct Title {
    pub title: Option<String>,
}

fn main() {
    let _ = Post::query().cross_join_lateral(orm::from(orm::alias!(Post, "other")).correlate(User).select(TitleSelect { title: User::email }));
}
