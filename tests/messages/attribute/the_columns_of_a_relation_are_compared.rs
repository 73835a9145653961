//! Columns that a relation pairs are a field and a column of the related table, of types that PostgreSQL compares.
use orm::prelude::*;

#[derive(Table)]
#[table(belongs_to(
    author: User on(author_email = User::id),
    team: Team on(team_number = User::id),
))]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub author_email: String,
    pub team_number: i32,
}

#[derive(Table)]
#[table(has_many(posts: Post on(email = Post::id)))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(unique)]
    pub email: String,
}

#[derive(Table)]
pub struct Team {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
