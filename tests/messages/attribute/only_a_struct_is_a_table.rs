//! A row has columns: an enum or a union has none.
use orm::prelude::*;

#[derive(Table)]
pub enum Role {
    Admin,
    Member,
}

#[derive(Table)]
pub union Number {
    pub small: i32,
    pub large: i64,
}

fn main() {}
