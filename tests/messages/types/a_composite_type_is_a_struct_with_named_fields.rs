//! A composite type has fields, each with a name of its own and a type that PostgreSQL knows.
use orm::prelude::*;

#[derive(Composite, Debug)]
pub struct Pair(String, String);

#[derive(Composite, Debug)]
pub struct Nothing {}

#[derive(Composite, Debug)]
pub struct Any<T> {
    pub value: T,
}

#[derive(Composite, Debug)]
pub struct Address {
    pub street: String,
    #[field(name = "street")]
    pub road: String,
}

#[derive(Composite, Debug)]
#[composite(naem = "house")]
pub struct House {
    #[composite(name = "number")]
    pub number: i64,
}

fn main() {}
