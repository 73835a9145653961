//! A default that is a variant stands on a column of an enum.
use orm::prelude::*;

#[derive(Enum, Debug)]
pub enum Mood {
    Happy,
}

#[derive(Table, Debug)]
pub struct Person {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = Mood::Happy)]
    pub count: i64,
}

fn main() {}
