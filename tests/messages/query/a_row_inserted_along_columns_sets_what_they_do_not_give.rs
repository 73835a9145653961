//! A row that is inserted along `on(..)` sets every required column but those that the relation gives.
use orm::prelude::*;

#[derive(Table)]
#[table(
    has_many(comments: Comment on(id = Comment::subject_id, Comment::subject_kind = "post")),
    has_many(notes: Comment on(id = Comment::subject_id)),
    has_many(shown: Comment on(id = Comment::subject_id, is_shown = true)),
)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub is_shown: bool,
}

#[derive(Table)]
#[table(belongs_to(post: Post on(subject_id = Post::id, subject_kind = "post")))]
pub struct Comment {
    #[column(primary_key, identity)]
    pub id: i64,
    pub subject_kind: String,
    pub subject_id: i64,
    pub text: String,
}

fn main() {
    // Right.
    let _ = Post::comments.insert([Comment::insert().text("a")]);
    let post = Post::insert().id(1).is_shown(true);
    let _ = Comment::insert().text("b").with(Comment::post.insert(post)).returning_all();
    // The text is missing; the kind is.
    let _ = Post::comments.insert([Comment::insert()]);
    let _ = Post::notes.insert([Comment::insert().text("c")]);
    // What the row itself must have is not given.
    let _ = Post::shown.insert([Comment::insert().text("d").subject_kind("post")]);
}
