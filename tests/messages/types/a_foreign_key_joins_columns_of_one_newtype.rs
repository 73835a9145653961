//! A foreign key has the newtype of the column that it references.
use orm::prelude::*;

#[derive(Newtype, Debug)]
struct UserId(i64);

#[derive(Newtype, Debug)]
struct TeamId(i64);

#[derive(Table)]
struct User {
    #[column(primary_key)]
    id: UserId,
}

#[derive(Table)]
struct Member {
    #[column(primary_key, references = User::id)]
    user_id: TeamId,
    #[column(references = User::id)]
    guide_id: i64,
    #[column(references = User::id)]
    friend_id: Option<UserId>,
}

fn main() {}
