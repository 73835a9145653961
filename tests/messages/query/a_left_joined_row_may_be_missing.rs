//! A left join gives an Option of the row.
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

fn titles(rows: Vec<(User, Option<Post>)>) -> Vec<String> {
    rows.into_iter().map(|(_, post)| post.title).collect()
}

async fn of(db: &orm::Db) -> orm::Result<Vec<String>> {
    let query = User::query().left_join(Post, Post::author_id.eq(User::id));
    Ok(titles(query.all(db).await?))
}

fn main() {}
