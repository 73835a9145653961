//! A clause of a relation reads the related table and its join table; that of another relation is not in reach.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(teams: Team through(Membership)), has_one(profile: Profile))]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}

#[derive(Table)]
pub struct Profile {
    #[column(primary_key, references = User::id)]
    pub user_id: i64,
}

#[derive(Table)]
#[table(has_many(memberships: Membership))]
pub struct Team {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(primary_key(user_id, team_id))]
pub struct Membership {
    #[column(references = User::id)]
    pub user_id: i64,
    #[column(references = Team::id)]
    pub team_id: i64,
}

fn main() {
    let _ = User::query().with(User::teams.filter(Membership::team_id.gt(1)));
    let _ = User::query().with(User::teams.filter(User::name.eq("a")));
    let _ = User::query().with(User::profile.order_by(Membership::team_id.asc()));
    let _ = User::query().with(User::teams.with(User::profile));
    let _ = User::query().with(Team::memberships);
    let _ = User::query().select(User::teams.value(Team::id));
}
