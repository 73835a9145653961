//! A join by relation reads one table: of a relation through a join table, the join table is joined first.
use orm::prelude::*;

#[derive(Table)]
#[table(has_many(teams: Team through(Membership), memberships: Membership))]
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
#[table(primary_key(user_id, team_id))]
pub struct Membership {
    #[column(references = User::id)]
    pub user_id: i64,
    #[column(references = Team::id)]
    pub team_id: i64,
}

fn main() {
    let _ = User::query().join(User::memberships).join(Membership::team);
    let _ = User::query().join(User::teams);
    let _ = User::query().inner_join(Team, User::teams);
}
