//! The server makes the default: a Rust expression cannot.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = Utc::now())]
    pub created_at: DateTime<Utc>,
    #[column(default = String::new())]
    pub name: String,
    #[column(default = 1 + 1)]
    pub sum: i32,
    #[column(default = sql(5))]
    pub five: i32,
    #[column(default = sql(""))]
    pub none: i32,
    #[column(default = lower("X"))]
    pub lower: String,
}

fn main() {}
