//! `inner` is of columns and expressions of a newtype.
use orm::prelude::*;

#[derive(Table)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: Option<String>,
}

fn main() {
    let _ = User::id.inner();
    let _ = User::name.inner();
    let _ = (User::id + 1).inner();
}
