//! Functions of dates and times take dates and times.
use orm::func;
use orm::prelude::*;

#[derive(Table, Debug, Clone)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    pub image: Option<String>,
}

#[derive(Table, Debug, Clone)]
#[table(name = "post")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
    pub words: Vec<String>,
    pub data: serde_json::Value,
}

fn of_a_part() {
    let _ = User::query().select(func::date_part("year", User::email));
}

fn that_is_cut() {
    let _ = User::query().select(func::date_trunc("day", User::id));
}

fn of_a_zone() {
    let _ = User::query().select(func::at_time_zone(User::id, "UTC"));
}

fn main() {}
