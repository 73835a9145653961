//! A default that is a variant is one of the column's own enum.
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
    #[column(default = Colour::Red)]
    pub mood: Mood,
    #[column(default = Mood::Cheerful)]
    pub other: Mood,
}

fn main() {}
