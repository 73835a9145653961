//! A number of another integer type is converted, and then compared with a column.
use orm::prelude::*;

#[derive(Table)]
#[table(name = "user")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub visits: u32,
}

fn main() {
    let _ = User::query().filter(User::id.eq(5_u32));
    let _ = User::query().filter(User::visits.eq(5_i64));
}
