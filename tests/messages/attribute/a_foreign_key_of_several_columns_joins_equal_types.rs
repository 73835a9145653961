//! Each pair of columns of a foreign key has one SQL type.
use orm::prelude::*;

#[derive(Table)]
#[table(primary_key(a, b))]
pub struct Pair {
    pub a: i64,
    pub b: String,
}

#[derive(Table)]
#[table(foreign_key(a, b => Pair::a, Pair::b))]
pub struct Child {
    #[column(primary_key)]
    pub id: i64,
    pub a: i64,
    pub b: i32,
}

fn main() {}
