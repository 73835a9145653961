//! A relation through a join table follows its foreign keys to both tables; where there are several, they are named.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(
    teams: Team through(Membership),
    followers: User through(Follow),
    followed: User through(Follow::follower_id),
    friends: User through(User),
    groups: Team through(Follow::follower_id, Follow::since),
))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(has_many(users: User through(Membership)))]
pub struct Team {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(primary_key(user_id, team_id))]
pub struct Membership {
    #[column(references = User::id)]
    pub user_id: i64,
    pub team_id: i64,
}

#[derive(Table)]
#[table(primary_key(follower_id, followed_id))]
pub struct Follow {
    #[column(references = User::id)]
    pub follower_id: i64,
    #[column(references = User::id)]
    pub followed_id: i64,
    pub since: i64,
}

fn main() {}
