//! `rename_all` is one of the rules for names, and what it makes of two fields is two names.
use orm::prelude::*;

#[derive(Table)]
#[table(rename_all = "camel_case")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(rename_all = "title")]
pub struct Team {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(rename_all, prefix = 7)]
pub struct Session {
    #[column(primary_key)]
    pub id: i64,
}

#[derive(Table)]
#[table(rename_all = "camelCase")]
pub struct Member {
    #[column(primary_key)]
    pub user_id: i64,
    #[column(name = "userId")]
    pub second: i64,
}

#[derive(Composite, Debug)]
#[composite(rename_all = "kebabcase")]
pub struct Address {
    pub street: String,
}

#[derive(FromRow)]
#[from_row(renames_all = "kebab-case")]
pub struct Size {
    pub count: i64,
}

#[derive(Table)]
pub struct Misplaced {
    #[column(primary_key, rename_all = "camelCase")]
    pub id: i64,
}

fn main() {}
