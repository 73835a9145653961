//! A struct that is inserted has every required column, no other name, and the types of the columns.
use orm::prelude::*;

#[derive(Table, Debug)]
pub struct Person {
    #[column(primary_key, identity)]
    pub id: i64,
    pub name: String,
    pub email: String,
    pub age: Option<i32>,
}

#[derive(Insertable)]
#[insert(into = Person)]
pub struct WithoutEmail {
    pub name: String,
}

#[derive(Insertable)]
#[insert(into = Person)]
pub struct Misnamed {
    pub name: String,
    pub email: String,
    pub aeg: Option<i32>,
}

#[derive(Insertable)]
#[insert(into = Person)]
pub struct Mistyped {
    pub name: String,
    pub email: String,
    pub age: String,
}

#[derive(Insertable)]
#[insert(into = Person)]
pub struct Counted {
    pub id: i64,
    pub name: String,
    pub email: String,
}

#[derive(Patch)]
#[patch(table = Person, keyed)]
pub struct Keyless {
    pub name: Option<String>,
}

#[derive(Insertable)]
pub struct Homeless {
    pub name: String,
}

fn main() {}
