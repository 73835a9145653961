//! A relation of which `on(..)` gives a column one value names no key; one row needs columns that are unique, with those.
use orm::prelude::*;

#[derive(Table)]
#[table(
    has_many(comments: Comment::post),
    has_one(pin: Pin on(id = Pin::subject_id, Pin::subject_kind = "post")),
    has_one(note: Comment on(id = Comment::subject_id, Comment::subject_kind = "post")),
)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(belongs_to(post: Post on(subject_id = Post::id, subject_kind = "post")))]
pub struct Comment {
    #[column(primary_key)]
    pub id: i64,
    pub subject_kind: String,
    pub subject_id: i64,
}

#[derive(Table)]
#[table(unique(subject_kind, subject_id))]
pub struct Pin {
    #[column(primary_key)]
    pub id: i64,
    pub subject_kind: String,
    pub subject_id: i64,
}

fn main() {}
