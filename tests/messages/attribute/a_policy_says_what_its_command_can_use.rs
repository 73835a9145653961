//! A policy is about rows of a table with row security, and says what its command can use.
use orm::prelude::*;

#[derive(Table)]
#[table(policy("own", using = "true"))]
pub struct Open {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(
    row_security,
    policy("new", for = insert, using = "true"),
    policy("old", for = select, with_check = "true"),
    policy("old", for = truncate, using = "true"),
    policy("idle"),
    policy(for = select, using = "true"),
)]
pub struct Guarded {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(row_security = sometimes)]
pub struct Unsure {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
