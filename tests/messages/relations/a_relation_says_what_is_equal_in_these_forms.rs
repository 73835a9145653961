//! In `on(..)` stand `field = Table::column`, `field = value` and `Table::column = value`.
use orm::prelude::*;

#[derive(Table)]
#[table(
    has_many(a: Comment on(Comment::subject_kind = "post")),
    has_many(b: Comment on(id = Comment::subject_id, Comment::subject_kind)),
    has_many(c: Comment on(Comment::subject_id = Self::id)),
    has_many(d: Comment on(id = Comment::subject_id, Comment::subject_id = 7)),
    has_many(e: Comment on(id = Comment::subject_id, kind = "post")),
)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
pub struct Comment {
    #[column(primary_key)]
    pub id: i64,
    pub subject_kind: String,
    pub subject_id: i64,
}

fn main() {}
