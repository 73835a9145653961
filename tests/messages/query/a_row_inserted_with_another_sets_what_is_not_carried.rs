//! A row that is inserted along a relation sets every required column but the foreign key that is carried over.
use auth::{Session, Team, User};
use orm::prelude::*;

fn main() {
    let _ = User::sessions.insert([Session::insert().id("s1").expires_at(Utc::now())]);

    // The key of another table is not carried over.
    let team = Team::insert().id("t1").name("Research").member_count(0).created_at(Utc::now());
    let _ = auth::Organization::teams.insert([team]);
    let _ = auth::TeamMember::team.insert(Team::insert().id("t1").name("Research").created_at(Utc::now()));
}
