//! The types that are made for a table have names of their own, and `loaded` names relations.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(my_posts: Post, myPosts: Post))]
#[allow(non_upper_case_globals)]
struct User {
    #[column(primary_key)]
    id: i64,
}

#[derive(Table)]
#[table(insert = PostWithUser, loaded(usr = PostWithIt))]
struct Post {
    #[column(primary_key)]
    id: i64,
    #[column(references = User::id)]
    user_id: i64,
}

#[derive(Table)]
#[table(insert = self)]
struct Other {
    #[column(primary_key, setter = Self)]
    id: i64,
}

fn main() {}
