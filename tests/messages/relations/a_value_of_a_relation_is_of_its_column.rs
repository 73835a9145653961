//! `on(..)` of a relation gives columns values of their types, and pairs at least two columns.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(comments: Comment on(id = Comment::subject_id, Comment::subject_kind = 7)))]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(
    has_many(comments: Comment on(id = Comment::subject_id, Comment::is_shown = None)),
    has_many(notes: Comment on(id = Comment::subject_id, Post::id = 7)),
)]
pub struct Photo {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(belongs_to(post: Post on(subject_id = Post::id, is_shown = "yes")))]
pub struct Comment {
    #[column(primary_key)]
    pub id: i64,
    pub subject_kind: String,
    pub subject_id: i64,
    pub is_shown: Option<bool>,
}

fn main() {}
