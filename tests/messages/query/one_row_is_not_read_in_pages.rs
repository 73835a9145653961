//! A query of aggregates gives one row: it is not read in pages.
use orm::func;
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
}

fn main() {
    let _ = User::query().select(func::count_star()).page(20);
}
