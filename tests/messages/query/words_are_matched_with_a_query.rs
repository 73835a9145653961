//! A tsvector is matched with a tsquery, not with a text.
use orm::func;
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
    let _ = User::query().filter(func::to_tsvector("english", User::email).matches("x"));
    let _ = User::query().filter(User::id.matches("x"));
    let _ = User::query().select(func::setweight(User::email, func::Weight::A));
}
