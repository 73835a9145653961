//! A flattened field is a struct with `#[derive(Columns)]`, and has `prefix` only.
use orm::prelude::*;

#[derive(Columns)]
pub struct Address {
    pub street: String,
    pub city: String,
}

#[derive(Table)]
pub struct Customer {
    #[column(primary_key)]
    pub id: i64,
    #[column(flatten)]
    pub billing: Option<Address>,
    #[column(flatten, index)]
    pub shipping: Address,
    #[column(prefix = "x_")]
    pub name: String,
    #[column(flatten, prefix = "a-")]
    pub other: Address,
}

#[derive(Columns)]
pub struct Nested {
    #[column(flatten)]
    pub address: Address,
}

#[derive(Columns)]
pub struct Empty {}

#[derive(Columns)]
pub struct Generic<T> {
    pub value: T,
}

#[derive(Columns)]
pub enum Choice {
    One,
}

#[derive(Columns)]
#[columns(name = "x")]
pub struct Twice {
    pub one: i32,
    #[column(name = "one", defualt = 1)]
    pub two: i32,
}

fn main() {}
