//! Rows with their relations.

use super::models;
use super::{on_both, on_each};
use crate::digest;
use crate::model::count;
use crate::way::{Outcome, Way};
use orm::prelude::*;
use orm::{Connection, Db, Executor, Transaction};

type It = (Connection, Db);

/// The same operations on the tables of a module.
macro_rules! trees {
    ($models:ident, $nested:ident, $wide:ident, $newest:ident) => {
        pub(super) fn $nested(it: &'static It, size: usize) -> Vec<Way> {
            use models::$models::{Comment, Post, User};
            async fn run(db: &impl Executor, size: i64) -> Outcome<u64> {
                let users = User::query()
                    .filter(User::id.le(size))
                    .with(User::posts.with(Post::comments))
                    .all(db)
                    .await?;
                let mut digest = 0_u64;
                for user in &users {
                    let mut posts = 0_u64;
                    for post in &user.posts {
                        let comments = digest::all(post.comments.iter().map(Comment::digest));
                        posts = posts.wrapping_add(digest::with(post.digest(), comments));
                    }
                    digest = digest.wrapping_add(digest::with(user.digest(), posts));
                }
                Ok(digest)
            }
            let size = count(size);
            on_each!(it, async move |db: &_| run(db, size).await)
        }

        pub(super) fn $wide(it: &'static It) -> Vec<Way> {
            use models::$models::{Post, User};
            async fn run(db: &impl Executor) -> Outcome<u64> {
                let users = User::query().filter(User::id.eq(1)).with(User::posts).all(db).await?;
                let mut digest = 0_u64;
                for user in &users {
                    let post = |post: &Post| digest::with(post.digest(), 0);
                    let posts = digest::all(user.posts.iter().map(post));
                    digest = digest.wrapping_add(digest::with(user.digest(), posts));
                }
                Ok(digest)
            }
            on_each!(it, async move |db: &_| run(db).await)
        }

        pub(super) fn $newest(it: &'static It, size: usize) -> Vec<Way> {
            use models::$models::{Post, User};
            async fn run(db: &impl Executor, size: i64) -> Outcome<u64> {
                let users = User::query()
                    .filter(User::id.ge(2))
                    .filter(User::id.le(size + 1))
                    .with(User::posts.order_by(Post::id.desc()).limit(3))
                    .all(db)
                    .await?;
                let mut digest = 0_u64;
                for user in &users {
                    let post = |post: &Post| digest::with(post.digest(), 0);
                    let posts = digest::all(user.posts.iter().map(post));
                    digest = digest.wrapping_add(digest::with(user.digest(), posts));
                }
                Ok(digest)
            }
            let size = count(size);
            on_each!(it, async move |db: &_| run(db, size).await)
        }
    };
}

trees!(indexed, indexed, wide_indexed, newest_indexed);
trees!(plain, plain, wide_plain, newest_plain);
