//! Columns that are flattened have names of their own in each table: `prefix` gives them.
use orm::prelude::*;

#[derive(Columns)]
pub struct Address {
    pub street: String,
    #[column(name = "town")]
    pub city: String,
}

#[derive(Table)]
pub struct Customer {
    #[column(primary_key)]
    pub id: i64,
    #[column(flatten)]
    pub billing: Address,
    #[column(flatten)]
    pub shipping: Address,
}

#[derive(Table)]
pub struct Visit {
    #[column(primary_key)]
    pub id: i64,
    pub city: String,
    #[column(flatten)]
    pub street: Address,
}

#[derive(Table)]
pub struct Long {
    #[column(primary_key)]
    pub id: i64,
    #[column(flatten, prefix = "a_prefix_of_more_bytes_than_a_name_in_postgresql_can_ever_have_")]
    pub address: Address,
}

#[derive(Columns)]
pub struct Key {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
pub struct Keys {
    #[column(primary_key)]
    pub number: i64,
    #[column(flatten)]
    pub key: Key,
}

fn main() {}
