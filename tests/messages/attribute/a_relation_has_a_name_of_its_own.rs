//! Columns and relations are constants of the struct: their names differ.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(name: Post, posts: Post, posts: Post::author_id))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub team: String,
    #[column(references = Self::id)]
    pub team_id: Option<i64>,
    #[column(references = Self::id, relation = posts)]
    pub best_id: Option<i64>,
}

#[derive(Table)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author_id: i64,
}

fn main() {}
