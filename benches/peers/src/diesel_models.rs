//! The tables and structs that diesel and diesel-async share.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use orm_benches::{NewEntry, digest};

diesel::table! {
    users (id) {
        id -> Int8,
        name -> Text,
        hair_color -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    posts (id) {
        id -> Int8,
        user_id -> Int8,
        title -> Text,
        body -> Text,
    }
}

diesel::table! {
    comments (id) {
        id -> Int8,
        post_id -> Int8,
        body -> Text,
    }
}

diesel::table! {
    entries (id) {
        id -> Int8,
        name -> Text,
        hair_color -> Nullable<Text>,
    }
}

diesel::joinable!(posts -> users (user_id));
diesel::joinable!(comments -> posts (post_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts, comments);

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) hair_color: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) title: String,
    pub(crate) body: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post))]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) post_id: i64,
    pub(crate) body: String,
}

#[derive(Insertable)]
#[diesel(table_name = users)]
pub(crate) struct NewUser<'a> {
    pub(crate) id: i64,
    pub(crate) name: &'a str,
    pub(crate) hair_color: Option<&'a str>,
    pub(crate) created_at: DateTime<Utc>,
}

/// Without `treat_none_as_default_value = false`, each row that lacks a color has another statement.
#[derive(Insertable)]
#[diesel(table_name = entries, treat_none_as_default_value = false)]
pub(crate) struct EntryRow<'a> {
    name: &'a str,
    hair_color: Option<&'a str>,
}

pub(crate) fn entry_rows(rows: &[NewEntry]) -> Vec<EntryRow<'_>> {
    let row = |row| {
        let NewEntry { name, hair_color } = row;
        EntryRow { name, hair_color: hair_color.as_deref() }
    };
    rows.iter().map(row).collect()
}

impl User {
    pub(crate) fn digest(&self) -> u64 {
        let time = self.created_at.timestamp_micros();
        digest::user(self.id, &self.name, self.hair_color.as_deref(), time)
    }
}

impl Post {
    pub(crate) fn digest(&self) -> u64 {
        digest::post(self.id, self.user_id, &self.title, &self.body)
    }
}

pub(crate) fn users_digest(users: &[User]) -> u64 {
    digest::all(users.iter().map(User::digest))
}

pub(crate) fn pairs_digest(pairs: &[(User, Option<Post>)]) -> u64 {
    let pair = |(user, post): &(User, Option<Post>)| {
        digest::with(user.digest(), post.as_ref().map_or(0, Post::digest))
    };
    digest::all(pairs.iter().map(pair))
}

/// Puts a tree together, as the guide of associations does.
pub(crate) fn tree(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> u64 {
    let comments = comments.grouped_by(&posts);
    let posts: Vec<(Post, Vec<Comment>)> = posts.into_iter().zip(comments).collect();
    let posts = posts.grouped_by(&users);
    let trees: Vec<(User, Vec<(Post, Vec<Comment>)>)> = users.into_iter().zip(posts).collect();
    let of_comment = |it: &Comment| digest::comment(it.id, it.post_id, &it.body);
    let of_post = |(post, comments): &(Post, Vec<Comment>)| {
        digest::with(post.digest(), digest::all(comments.iter().map(of_comment)))
    };
    digest::all(trees.iter().map(|(user, posts)| {
        digest::with(user.digest(), digest::all(posts.iter().map(of_post)))
    }))
}
