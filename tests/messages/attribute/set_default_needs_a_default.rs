//! `set_default` without a default would set NULL.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = Self::id, on_delete = set_default)]
    pub a_id: i64,
}

fn main() {}
