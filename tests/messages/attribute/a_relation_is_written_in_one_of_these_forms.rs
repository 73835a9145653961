//! Behind the related table of a relation stand `through(..)`, `on(..)` and `filter(..)`.
use orm::prelude::*;

#[derive(Table)]
#[table(
    has_many(a: Team throug(Membership)),
    has_many(b: Team through Membership),
    has_many(c: Team through()),
    has_many(d: Team through(Membership) through(Membership)),
    has_many(e: Team through(Membership, Team::id)),
    has_many(f: Team on(id)),
    has_many(g: Team on(id = team_id)),
    has_many(h: Team filter(Team::id.gt(1), Team::id.lt(9))),
    has_many(i: Team where(true)),
)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
pub struct Team {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(
    belongs_to(team: Team),
    belongs_to(group: Team through(Membership)),
    has_many(users: User on(id = User::id) through(Membership)),
    has_many(people: User::id through(Membership)),
    has_many(guests: User through(Membership::user_id, Team::id)),
    has_one(owner: User on(idd = User::id)),
    has_one(users: User),
)]
pub struct Membership {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub user_id: i64,
}

fn main() {}
