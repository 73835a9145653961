//! Users with their posts and comments, put together by hand.

use crate::digest;
use crate::model::{Comment, Post, User};
use std::collections::HashMap;

pub(super) struct PostTree {
    pub(super) post: Post,
    pub(super) comments: Vec<Comment>,
}

pub(super) struct UserTree {
    pub(super) user: User,
    pub(super) posts: Vec<PostTree>,
}

/// Puts rows of the three tables together.
pub(super) fn assembled(
    users: Vec<User>,
    posts: Vec<Post>,
    comments: Vec<Comment>,
) -> Vec<UserTree> {
    let place_of_post: HashMap<i64, usize> =
        posts.iter().enumerate().map(|(place, post)| (post.id, place)).collect();
    let mut posts: Vec<PostTree> =
        posts.into_iter().map(|post| PostTree { post, comments: Vec::new() }).collect();
    for comment in comments {
        if let Some(place) = place_of_post.get(&comment.post_id) {
            posts[*place].comments.push(comment);
        }
    }
    let place_of_user: HashMap<i64, usize> =
        users.iter().enumerate().map(|(place, user)| (user.id, place)).collect();
    let mut users: Vec<UserTree> =
        users.into_iter().map(|user| UserTree { user, posts: Vec::new() }).collect();
    for post in posts {
        if let Some(place) = place_of_user.get(&post.post.user_id) {
            users[*place].posts.push(post);
        }
    }
    users
}

pub(super) fn digest(users: &[UserTree]) -> u64 {
    let of_post = |tree: &PostTree| {
        let comments = digest::all(tree.comments.iter().map(Comment::digest));
        digest::with(tree.post.digest(), comments)
    };
    let of_user = |tree: &UserTree| {
        digest::with(tree.user.digest(), digest::all(tree.posts.iter().map(of_post)))
    };
    digest::all(users.iter().map(of_user))
}
