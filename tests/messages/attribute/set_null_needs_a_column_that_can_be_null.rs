//! `set_null` on a NOT NULL column would fail at the delete.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Self::id, on_delete = set_null)]
    pub a_id: i64,
    #[column(references = Self::id, on_update = set_null)]
    pub b_id: i64,
}

fn main() {}
