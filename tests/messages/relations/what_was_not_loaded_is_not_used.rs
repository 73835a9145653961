//! A field of a relation that was not loaded is of no use.
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

async fn posts(db: &Db) -> orm::Result<usize> {
    let user = User::query().with(User::notes).one(db).await?;
    println!("{}", user.notes.len());
    Ok(user.posts.len())
}

async fn of_a_row(db: &Db) -> orm::Result<usize> {
    Ok(User::query().one(db).await?.posts.len())
}

fn main() {}
