//! `has_one` and `belongs_to` lead to one row: the columns of the related table are unique.
use orm::prelude::*;

#[derive(Table)]
#[table(
    has_one(
        profile: Profile,
        main_address: Address,
        team: Team through(Membership),
    ),
    has_one(note: Note::writer),
    has_one(contact: Contact on(email = Contact::email)),
)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

#[derive(Table)]
pub struct Profile {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id, index)]
    pub user_id: i64,
}

#[derive(Table)]
#[table(unique_index(user_id, where = "main"))]
pub struct Address {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub user_id: i64,
    pub main: bool,
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

#[derive(Table)]
#[table(unique(user_id, text))]
pub struct Note {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id, relation = writer)]
    pub user_id: i64,
    pub text: String,
}

#[derive(Table)]
#[table(belongs_to(user: User on(email = User::email)))]
pub struct Contact {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

fn main() {}
