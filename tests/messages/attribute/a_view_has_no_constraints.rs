//! What a table checks and fills in, a view does not: it belongs to the tables that the view reads.
use orm::prelude::*;

#[derive(Table, Debug)]
#[table(view = "SELECT 1::bigint AS id, 2::bigint AS number", check("id > 0"), index(id), unlogged)]
pub struct Ones {
    #[column(unique, identity)]
    pub id: i64,
    #[column(default = 5)]
    pub number: i64,
}

#[derive(Table, Debug)]
#[table(view = "", materialized_view = "SELECT 1")]
pub struct Both {
    pub id: i64,
}

fn main() {}
