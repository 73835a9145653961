//! What is wrong with a column is reported once, where the struct of columns is.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

pub struct Unknown;

#[derive(Columns)]
pub struct Audit {
    #[column(references = User::id)]
    pub author_id: Option<String>,
    #[column(default = "x")]
    pub count: i32,
    #[column(references = User)]
    pub editor_id: Option<i64>,
}

#[derive(Columns)]
pub struct Odd {
    pub what: Unknown,
}

#[derive(Table)]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(flatten)]
    pub audit: Audit,
}

#[derive(Table)]
pub struct Thing {
    #[column(primary_key)]
    pub id: i64,
    #[column(flatten)]
    pub odd: Odd,
}

fn main() {}
