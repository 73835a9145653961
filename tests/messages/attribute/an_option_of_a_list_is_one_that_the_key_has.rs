//! An unknown option or word in a list is named, with the nearest that exists.
use orm::prelude::*;

#[derive(Table)]
#[table(
    index(name, methd = gin),
    index(age, unique = true),
    index(name descending),
    index(name with "="),
    index(age, where = 5),
    index(age, nulls_not_distinct),
    unique(name, nulls_not_distinct = true),
    unique(name desc),
    unique(age, deferrable = later),
    with(fillfactor = 7 + 1),
)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub age: i32,
}

fn main() {}
