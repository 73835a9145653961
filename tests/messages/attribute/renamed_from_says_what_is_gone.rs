//! `renamed_from` says a name that nothing has any more, and that no two come from.

use orm::prelude::*;

#[derive(Table)]
#[table(renamed_from = "account", index("by_name", name, renamed_from = "by_name"), index(name, renamed_from = "old"))]
pub struct Account {
    #[column(primary_key, renamed_from = "id")]
    pub id: i64,
    #[column(renamed_from = "title")]
    pub name: String,
    #[column(renamed_from = "title")]
    pub label: String,
    #[column(renamed_from = "id")]
    pub number: i64,
    #[column(renamed_from = "there")]
    pub here: i64,
    #[column(renamed_from = "here")]
    pub there: i64,
    #[column(renamed_from = "")]
    pub empty: i64,
    #[column(renamed_from)]
    pub nothing: i64,
}

#[derive(Table)]
#[table(view = "SELECT 1 AS id", renamed_from = "old.")]
pub struct Seen {
    #[column(renamed_from = "number")]
    pub id: i32,
}

#[derive(Enum, Debug)]
#[pg_enum(schema = "a", renamed_from = "a.mood")]
pub enum Mood {
    Sad,
    #[variant(renamed_from = "sad")]
    Unhappy,
}

fn main() {}
