//! The values of a prepared query have the types and the number of its placeholders.
use orm::prelude::*;
use orm::{Placeholder, prepare};

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

fn by_number(db: &Db) {
    let query = prepare(|email: Placeholder<String>| User::query().filter(User::email.eq(email)));
    let _ = query.all(db, 7);
}

fn by_one_of_two(db: &Db) {
    let query = prepare(|email: Placeholder<String>, id: Placeholder<i64>| {
        User::query().filter(User::email.eq(email)).filter(User::id.eq(id))
    });
    let _ = query.all(db, "ada");
}

fn of_another_type() {
    let _ = prepare(|email: Placeholder<i64>| User::query().filter(User::email.eq(email)));
}

fn main() {}
