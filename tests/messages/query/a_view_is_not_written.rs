//! The rows of a view are only read.
use orm::prelude::*;

#[derive(Table, Debug)]
#[table(view = "SELECT 1::bigint AS id")]
pub struct Ones {
    pub id: i64,
}

fn main() {
    let _ = Ones::query().filter(Ones::id.eq(1));
    let _ = Ones::insert();
    let _ = Ones::update().set(Ones::id.set(3));
    let _ = Ones::delete().all_rows();
}
