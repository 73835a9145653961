//! A column of an enum is compared with values of that enum.
use orm::prelude::*;

#[derive(Enum, Debug)]
pub enum Mood {
    Happy,
}

#[derive(Enum, Debug)]
pub enum Colour {
    Red,
}

#[derive(Table, Debug)]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
    pub mood: Mood,
}

fn main() {
    let _ = Person::query().filter(Person::mood.eq("happy"));
    let _ = Person::query().filter(Person::mood.eq(Colour::Red));
}
