//! A query that reads a source before it is joined laterally.
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
#[from_row(from = Post)]
pub struct Title {
    pub title: String,
}

fn main() {
    let _ = User::query().inner_join(Post::query().correlate(User).filter(Post::author_id.eq(User::id)).select(orm::pick::<Title>()), true);
}
