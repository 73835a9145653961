//! `through` of a field names the join table of its relation, whose columns `refine` names.
use auth::{Member, Organization, Session, User};
use orm::prelude::*;

#[derive(Table)]
#[table(name = "person", has_many(teams: Team through(Membership), owned: Team))]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(name = "team")]
pub struct Team {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Person::id)]
    pub owner_id: i64,
}

#[derive(Table)]
#[table(primary_key(person_id, team_id))]
pub struct Membership {
    #[column(references = Person::id)]
    pub person_id: i64,
    #[column(references = Team::id)]
    pub team_id: i64,
}

#[derive(FromRow)]
#[from_row(from = Person)]
pub struct PersonPage {
    #[column(relation)]
    pub teams: Vec<Team>,
    #[column(relation = Person::teams, through = Membership)]
    pub others: Vec<Team>,
}

#[derive(FromRow)]
#[from_row(from = Person)]
pub struct Wrong {
    #[column(relation, through = Membership)]
    pub owned: Vec<Team>,
    #[column(relation = Person::teams, through = Session)]
    pub teams: Vec<Team>,
}

#[derive(FromRow)]
#[from_row(from = User)]
pub struct Without {
    #[column(through = Member)]
    pub name: String,
}

fn main() {
    let _ = PersonPage::query().refine(PersonPage::others.filter(Membership::team_id.eq(1)));
    let _ = PersonPage::query().refine(PersonPage::teams.filter(Membership::team_id.eq(1)));
    let _ = PersonPage::query().refine(PersonPage::others.filter(Organization::name.eq("a")));
}
