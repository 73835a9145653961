//! `on_delete` and `on_update = cascade` belong to a foreign key, and so does `relation`.
use orm::prelude::*;

#[derive(Table)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(on_delete = cascade)]
    pub a_id: i64,
    #[column(on_update = restrict)]
    pub b_id: i64,
    #[column(relation = friend)]
    pub c_id: i64,
}

fn main() {}
